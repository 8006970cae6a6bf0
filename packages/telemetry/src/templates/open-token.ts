import { ANY } from './shape.ts';

/** Whether a word has what a token with open parts asks for, in order: `a<*>b` asks for a beginning and an end. */
export function fits(open: string, word: string): boolean {
  return open === word || piecesFit(piecesOf(open), word);
}

/** What stands between the open parts of a token. */
export function piecesOf(open: string): string[] {
  return open.split(ANY);
}

export function piecesFit(pieces: readonly string[], word: string): boolean {
  const head = pieces[0] ?? '';
  const tail = pieces[pieces.length - 1] ?? '';
  if (pieces.length < 2 || word.length < head.length + tail.length || !word.startsWith(head) || !word.endsWith(tail)) return false;
  let at = head.length;
  for (let index = 1; index < pieces.length - 1; index += 1) {
    const piece = pieces[index] ?? '';
    const found = word.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= word.length - tail.length;
}
