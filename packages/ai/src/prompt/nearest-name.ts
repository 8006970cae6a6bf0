import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean "x"?` for the name most like the one given, or which names there are. */
export function nearestName(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const best = closest(
    name.toLowerCase(),
    known.map((candidate) => candidate.toLowerCase()),
  );
  const meant = known.find((candidate) => candidate.toLowerCase() === best) ?? best;
  return distance(name.toLowerCase(), best) <= Math.max(2, Math.floor(name.length / 3))
    ? `; did you mean "${meant}"?`
    : `; there are ${known.join(', ')}`;
}
