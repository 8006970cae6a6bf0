import { printable } from '../git/message.ts';

const KEPT_CHARACTERS = 4_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences begin with the escape character
const TERMINAL_SEQUENCE = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

/** The end of a command's output, from the start of a line, without colours and control characters. */
export function tail(output: string): string {
  const plain = printable(output.replaceAll(TERMINAL_SEQUENCE, ''));
  if (plain.length <= KEPT_CHARACTERS) return plain;
  const cut = plain.slice(-KEPT_CHARACTERS);
  return `…\n${cut.slice(cut.indexOf('\n') + 1)}`;
}
