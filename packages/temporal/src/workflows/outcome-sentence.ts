/**
 * What became of a shipped fix, for people: what deployment said, then what learning adds to it. Learning tells the verdict again, under
 * its own label (`verified: …`); a clause of it that deployment's sentence holds already is left out.
 */
export function outcomeSentence(shipped: string, learned: string | undefined): string {
  const added = (learned ?? '').split(CLAUSE).filter((clause) => !shipped.includes(withoutLabels(clause)));
  return [shipped, ...added].filter((clause) => clause !== '').join(CLAUSE);
}

const CLAUSE = '; ';

/** `failed: reverted: it came back` → `it came back` */
function withoutLabels(clause: string): string {
  return clause.replace(/^(?:\w+: )+/, '').trim();
}
