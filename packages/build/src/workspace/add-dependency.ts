export interface NewDependency {
  readonly name: string;
  readonly range: string;
  readonly field: 'dependencies' | 'devDependencies';
}

/** The text of a package.json with one dependency more, in the order of names where they are sorted; all else stays as it is written. */
export async function addDependency(manifest: string, { name, range, field }: NewDependency): Promise<string> {
  // With it comes a parser that only this needs.
  const { applyEdits, modify } = await import('jsonc-parser');
  const before: unknown = JSON.parse(manifest);
  const there = isRecord(before) && isRecord(before[field]) ? Object.keys(before[field]) : [];
  const isSorted = there.every((other, at) => at === 0 || (there[at - 1] ?? '') < other);
  const indent = /^([ \t]+)"/m.exec(manifest)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: manifest.includes('\r\n') ? '\r\n' : '\n',
  };
  const getInsertionIndex = (names: string[]): number => (isSorted ? names.filter((other) => other < name).length : names.length);
  return applyEdits(manifest, modify(manifest, [field, name], range, { formattingOptions, getInsertionIndex }));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
