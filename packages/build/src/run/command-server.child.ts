/** Entry of the command server: runs commands for the process that started it, several at a time, and ends them and itself with it. */
import type { CommandQuestion } from './command-server.ts';
import { runBounded } from './run-bounded.ts';

const running = new Map<number, AbortController>();

process.on('message', (question: CommandQuestion) => {
  const { id } = question;
  if (question.kind === 'stop') return void running.get(id)?.abort();
  const stop = new AbortController();
  running.set(id, stop);
  void runBounded({ ...question.run, signal: stop.signal }).then((end) => {
    running.delete(id);
    if (process.connected) process.send?.({ id, end });
  });
});

process.on('disconnect', () => {
  for (const stop of running.values()) stop.abort();
});
