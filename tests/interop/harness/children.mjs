// Child processes of a test: ended by their process id, also when the test process itself is told to end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Set();

// A test file that takes too long is ended with SIGTERM: `after` does not run then.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(1));

export function startChild(command, args, options) {
  const child = spawn(command, args, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** Ends a child by its process id and waits until it is gone. */
export async function stopChild(child, signal = 'SIGKILL') {
  if (!running.has(child)) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
