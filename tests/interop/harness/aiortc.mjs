// The aiortc peer as a child process.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startChild, stopChild } from './children.mjs';

export class Aiortc {
  #child;
  #pending = new Map();
  #id = 0;
  #errors = '';
  #ended;

  constructor() {
    // Debian's own interpreter: that is where python3-aiortc is installed.
    this.#child = startChild('/usr/bin/python3', ['-W', 'error::RuntimeWarning', fileURLToPath(new URL('aiortc_peer.py', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#onAnswer(JSON.parse(line)));
    this.#child.stdin.on('error', () => {}); // the end of the process says more
    this.#child.on('error', (error) => this.#onEnd(error.message));
    // Not 'exit': by 'close' everything it wrote to stderr is here.
    this.#child.on('close', (code, signal) => this.#onEnd(`ended with ${signal ?? code}`));
  }

  /** Lets the peer do something; fails at once with what it wrote to stderr when it is gone or goes. */
  call(verb, args, timeoutMs = 20_000) {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id)?.reject(this.#failure(`no answer to ${verb} in ${timeoutMs} ms`)), timeoutMs);
      this.#pending.set(id, { timer, resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, do: verb, with: args })}\n`);
    });
  }

  stop() {
    return stopChild(this.#child);
  }

  #onAnswer({ id, error, ...answer }) {
    const pending = this.#settle(id);
    if (error) pending?.reject(this.#failure(error));
    else pending?.resolve(answer);
  }

  #onEnd(how) {
    this.#ended ??= this.#failure(how);
    for (const id of [...this.#pending.keys()]) this.#settle(id).reject(this.#ended);
  }

  #settle(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    return pending;
  }

  #failure(what) {
    return new Error(`aiortc: ${what}\n${this.#errors}`);
  }
}
