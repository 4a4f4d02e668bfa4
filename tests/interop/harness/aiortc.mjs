// The aiortc peer as a child process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export class Aiortc {
  #child;
  #pending = new Map();
  #id = 0;
  #errors = '';

  constructor() {
    // Debian's own interpreter: that is where python3-aiortc is installed.
    this.#child = spawn('/usr/bin/python3', ['-W', 'ignore', fileURLToPath(new URL('aiortc_peer.py', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line);
      const pending = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if (answer.error) pending.reject(new Error(`aiortc: ${answer.error}\n${this.#errors}`));
      else pending.resolve(answer);
    });
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#pending.values()) reject(new Error(`aiortc ended with ${code}\n${this.#errors}`));
    });
  }

  call(verb, args) {
    const id = ++this.#id;
    this.#child.stdin.write(`${JSON.stringify({ id, do: verb, with: args })}\n`);
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  async stop() {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
    }
  }
}
