import { printable } from '../git/message.ts';

const KEPT_CHARACTERS = 4_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences begin with the escape character
const TERMINAL_SEQUENCE = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

/** The end of a command's output, from the start of a line, without colours and control characters. Holds no more than it gives. */
export class OutputTail {
  private kept = '';
  private cut = false;

  add(line: string): void {
    const all = `${this.kept}${printable(line.replaceAll(TERMINAL_SEQUENCE, ''))}\n`;
    this.cut ||= all.length > KEPT_CHARACTERS;
    this.kept = all.slice(-KEPT_CHARACTERS);
  }

  text(): string {
    return this.cut ? `…\n${this.kept.slice(this.kept.indexOf('\n') + 1)}` : this.kept;
  }
}
