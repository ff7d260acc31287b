/** From the environment; a missing one ends the start with a sentence. */
export function settings() {
  const needed = (name) => {
    const value = process.env[name];
    if (!value) {
      console.error(`set ${name}`);
      process.exit(2);
    }
    return value;
  };
  return {
    port: Number(needed('PORT')),
    databaseUrl: needed('DATABASE_URL'),
    redisUrl: needed('REDIS_URL'),
    tokenSecret: needed('TOKEN_SECRET'),
  };
}

/** Ends in order when it is asked to, and at the latest after five seconds. */
export function endWith(close) {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, async () => {
      setTimeout(() => process.exit(1), 5000).unref();
      await close();
      process.exit(0);
    });
  }
}
