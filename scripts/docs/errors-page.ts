import { ERRORS } from '@selfheal/contracts';
import { code, page, table } from './markdown.ts';

/** The registry of errors: what each means, what to do, whether the engine tries again. */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([name, { title, fix, retryable }]) => [code(name), title, fix, retryable ? 'yes' : 'no']);
  return page('Errors', 'packages/contracts/src/errors.ts', [
    'Every error of selfheal has one of these codes. The message reads `title: detail (where). what to do`; the command prints the code at its end. "Tried again" tells whether the engine repeats the beat by itself: it does where the same input may succeed later. Codes are stable; a retired one is not used again.',
    table(['code', 'what is wrong', 'what to do', 'tried again'], rows),
  ]);
}
