/**
 * From the environment: `PORT`, `TOKEN_SECRET` and those that are named, as `{ port, tokenSecret, … }`; a missing one
 * ends the start with a sentence.
 */
export function settings(...names) {
  const needed = (name) => {
    const value = process.env[name];
    if (!value) {
      console.error(`set ${name}`);
      process.exit(2);
    }
    return [name.toLowerCase().replace(/_(.)/g, (_, letter) => letter.toUpperCase()), value];
  };
  const found = Object.fromEntries(['PORT', 'TOKEN_SECRET', ...names].map(needed));
  return { ...found, port: Number(found.port) };
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
