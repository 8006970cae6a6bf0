/** An edit in one line, for people: what is there now in place of what. */
export function changeTitle(before: string, after: string): string {
  const [old = '', now = ''] = differing(before, after);
  if (now === '') return `Leave out ${shorten(old)}`;
  return old === '' ? `Add ${shorten(now)}` : `Use ${shorten(now)} in place of ${shorten(old)}`;
}

/** The lines that are not in both, as one line each. */
function differing(before: string, after: string): [string, string] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const only = (lines: readonly string[], others: readonly string[]): string =>
    lines
      .filter((line) => !others.includes(line))
      .map((line) => line.trim().replace(/ \{$/, ''))
      .join(' ');
  return [only(old, now), only(now, old)];
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
