import { firstFault, lineAround, type Recovery, spliced, type Variant } from './recovery.ts';

const TAG = /<(\/?)([A-Za-z][\w.-]*)([^<>]*?)(\/?)>/g;

export const jsxTag: Recovery = {
  name: 'jsx-tag',
  source: 'tags close in the order in which they open: the closing name follows the opening one, or the element has no content',
  *propose(draft): Generator<Variant> {
    const { text } = draft;
    if (!/JSX|'<\/'|tag/i.test(draft.faults.map(({ message }) => message).join())) return;
    const open: { name: string; start: number; end: number }[] = [];
    for (const match of text.matchAll(TAG)) {
      const [whole, slash, name = '', , selfClosed] = match;
      const end = match.index + whole.length;
      if (slash === '/') {
        const opened = open.pop();
        if (opened !== undefined && opened.name !== name) {
          const at = match.index + 2;
          yield [spliced(text, at, at + name.length, opened.name), 0.3];
          yield [spliced(text, opened.start + 1, opened.start + 1 + opened.name.length, name), 0.35];
        }
      } else if (selfClosed !== '/') {
        open.push({ name, start: match.index, end });
        yield [spliced(text, end - 1, end, ' />'), 0.4];
        yield [spliced(text, lineAround(text, end).end, lineAround(text, end).end, `</${name}>`), 0.5];
      }
    }
    const at = firstFault(draft);
    for (const { name } of open) yield [spliced(text, at, at, `</${name}>`), 0.7];
  },
};
