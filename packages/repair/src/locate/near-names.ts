import { editDistance } from './edit-distance.ts';

/** Words that data models use for one another. Each line is one meaning. */
const SYNONYMS = [
  'zip zipcode postcode postal postalcode',
  'id identifier uuid key',
  'mail email',
  'phone telephone tel mobile',
  'first given fore',
  'last family sur',
  'total sum amount',
  'count quantity qty number num',
  'price cost',
  'user customer client account member',
  'item line entry position',
  'items lines entries positions',
  'country countrycode nation',
  'description desc text',
  'created createdat createdon date',
  'updated modified changed',
  'picture image photo',
  'status state',
  'name title label',
  'url link href',
  'type kind category',
  'message msg',
  'address addr',
].map((line) => new Set(line.split(' ')));

/** 0..1: how likely two names mean the same thing, by spelling and by their words. */
export function nameSimilarity(a: string, b: string): number {
  if (a === b) return 1;
  const plainA = a.toLowerCase().replace(/[^a-z0-9]/g, '');
  const plainB = b.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (plainA === plainB) return 0.97;
  const longest = Math.max(plainA.length, plainB.length);
  const spelling = longest === 0 ? 0 : 1 - editDistance(plainA, plainB) / longest;
  return Math.max(spelling, wordSimilarity(words(a), words(b)));
}

/** Names at least this alike are taken for one another. */
export const NEAR = 0.6;

/** The names nearest to one, best first. */
export function nearestNames(name: string, known: Iterable<string>, limit = 5): string[] {
  const scored = [...new Set(known)].filter((one) => one !== name).map((one) => ({ one, score: nameSimilarity(name, one) }));
  return scored
    .filter(({ score }) => score >= NEAR)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ one }) => one);
}

function words(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Share of words that both have, a synonym counting nearly as much; a name wholly within the other counts as near. */
function wordSimilarity(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const matched = a.reduce((sum, word) => sum + Math.max(...b.map((other) => sameWord(word, other))), 0);
  const union = a.length + b.length - matched;
  const contained = matched / Math.min(a.length, b.length);
  return Math.max(matched / union, contained >= 0.9 ? 0.7 : 0);
}

function sameWord(a: string, b: string): number {
  if (a === b) return 1;
  return SYNONYMS.some((meaning) => meaning.has(a) && meaning.has(b)) ? 0.9 : 0;
}
