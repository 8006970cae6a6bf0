import { type Recovery, spliced, type Variant } from './recovery.ts';

const CLOSERS = ['}', '});', '})', '};', '],', '},'];

export const unclosedBlock: Recovery = {
  name: 'unclosed-block',
  source: 'indentation tells where a block was meant to end: recovery by layout (de Jonge et al., SLE 2009; Nilsson-Nyman et al., 2009)',
  *propose({ text }): Generator<Variant> {
    const lines = text.split('\n');
    const indents = lines.map((line) => (line.trim() === '' ? undefined : (/^[ \t]*/.exec(line)?.[0].length ?? 0)));
    let offset = 0;
    for (const [index, line] of lines.entries()) {
      const own = indents[index];
      const next = indents.slice(index + 1).find((indent) => indent !== undefined);
      const nextLine = lines.slice(index + 1).find((one) => one.trim() !== '');
      const closes = /^\s*[\])}]/.test(nextLine ?? '');
      // The text goes out without anything that closes, or stays where a block was opened.
      if (own !== undefined && next !== undefined && next < own && !closes) {
        for (const [rank, closer] of CLOSERS.entries())
          yield [insertedLine(text, offset + line.length, ' '.repeat(next) + closer), 0.4 + 0.15 * rank];
        if (own - next > 2) yield [insertedLine(text, offset + line.length, `${' '.repeat(next + 2)}}\n${' '.repeat(next)}}`), 0.7];
      }
      // A closing line stands further in than the one that opens it, or there is one too many.
      if (/^\s*[\])}]+[;,)]*\s*$/.test(line)) {
        const before = indents.slice(0, index).findLast((indent) => indent !== undefined) ?? 0;
        const odd = own !== undefined && before <= own;
        yield [spliced(text, offset, Math.min(text.length, offset + line.length + 1), ''), odd ? 0.35 : 0.9];
        const close = line.trim();
        for (const other of ['}', '});', '})', ');', ']);', '];', '};', '},'])
          if (other !== close) yield [spliced(text, offset + line.indexOf(close), offset + line.length, other), 0.6];
      }
      // A line that opens nothing although what follows stands further in.
      if (own !== undefined && next !== undefined && next > own && /[\w)]$/.test(line.trimEnd())) {
        const end = offset + line.trimEnd().length;
        yield [spliced(text, end, end, ' {'), 0.45];
        yield [spliced(text, end, end, ' => {'), 0.55];
      }
      offset += line.length + 1;
    }
    // A file that ends further in than it began was cut off; one that ends at the margin misses something inside.
    const last = text.trimEnd().length;
    const isCutOff = (indents.findLast((indent) => indent !== undefined) ?? 0) > 0;
    for (const [rank, closer] of [...CLOSERS, '}\n}', '}\n});', '}\n}\n}'].entries())
      yield [`${text.slice(0, last)}\n${closer}\n`, (isCutOff ? 0.25 : 0.85) + 0.1 * rank];
  },
};

function insertedLine(text: string, at: number, line: string): string {
  return spliced(text, at, at, `\n${line}`);
}
