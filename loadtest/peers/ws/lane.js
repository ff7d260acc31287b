// Group commit: messages that arrive while a statement is under way are stored together by the next one. A lone message
// waits for nobody; under load the price of a commit is shared.
const GROUP_AT_MOST = 200;
const WAITING_AT_MOST = 20_000;

export class Lane {
  #waiting = [];
  #busy = false;

  constructor(store) {
    this.store = store;
  }

  /** The entry, once it is committed. */
  append(message) {
    if (this.#waiting.length >= WAITING_AT_MOST) return Promise.reject(new Error('too much is waiting'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, resolve, reject });
      if (!this.#busy) this.#run();
    });
  }

  async #run() {
    this.#busy = true;
    // What is read from the sockets in this turn belongs to the same group.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, GROUP_AT_MOST));
    this.#busy = false;
  }

  async #commit(group) {
    try {
      const entries = await this.store.appendAll(group.map(({ message }) => message));
      group.forEach(({ resolve }, at) => resolve(entries[at]));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
