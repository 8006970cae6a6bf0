import type { ServiceCause, ServiceEvidence } from '@selfheal/contracts';

/** A cause must be this many times likelier than nothing being wrong (natural logarithm): the prior of a fault-free minute and the many operations looked at. */
const ALARM = 5.5;
/** Evidence of one source is correlated: the strongest counts fully, each further one at this share. */
const FURTHER = 0.2;
const MOST = 25;
/** Evidence of this weight is beyond doubt, however strong the other is. */
const CLEAR = 6;

/** One cause a service, best first; services below the alarm's threshold are left off. */
export function rankCauses(evidence: readonly ServiceEvidence[]): ServiceCause[] {
  const byService = new Map<string, ServiceEvidence[]>();
  for (const one of evidence) byService.set(one.service, [...(byService.get(one.service) ?? []), one]);
  const scored = [...byService].map(([service, list]) => ({
    service,
    list: list.sort((a, b) => b.weight - a.weight),
    score: scoreOf(list),
  }));
  const alarming = scored.filter(({ score }) => score >= ALARM).sort((a, b) => b.score - a.score);
  const top = alarming[0]?.score ?? 0;
  const total = Math.exp(ALARM - top) + alarming.reduce((sum, { score }) => sum + Math.exp(score - top), 0);
  return alarming.map(({ service, list, score }) => {
    const lead = leadOf(list);
    const place = list.find(({ operation }) => operation !== undefined);
    const region = list.find((one) => one.region !== undefined && one.kind === lead?.kind)?.region;
    return {
      service,
      kind: lead?.kind ?? 'changed behaviour',
      ...(place?.operation === undefined ? {} : { operation: place.operation }),
      ...(region === undefined ? {} : { region }),
      score,
      confidence: Math.exp(score - top) / total,
      evidence: list.slice(0, 8),
    };
  });
}

/** The evidence that names the kind: a full processor explains slowness, an error explains statements that are missing, where they are clear or weigh half as much. */
function leadOf(list: readonly ServiceEvidence[]): ServiceEvidence | undefined {
  const [first] = list;
  const explains = (...kinds: readonly ServiceEvidence['kind'][]) =>
    list.find(({ kind, weight }) => kinds.includes(kind) && weight >= Math.min(CLEAR, (first?.weight ?? 0) / 2));
  if (first?.kind === 'network' || first?.kind === 'slow code') return explains('cpu', 'memory') ?? first;
  return first?.kind === 'changed behaviour' ? (explains('exception') ?? first) : first;
}

function scoreOf(list: readonly ServiceEvidence[]): number {
  const bySource = new Map<string, number[]>();
  for (const { kind, weight } of list) {
    const source = kind === 'cpu' || kind === 'memory' ? 'resource' : kind === 'slow code' || kind === 'network' ? 'time' : 'pattern';
    bySource.set(source, [...(bySource.get(source) ?? []), weight]);
  }
  let total = 0;
  for (const weights of bySource.values()) {
    weights.sort((a, b) => b - a);
    total += Math.min(
      MOST,
      weights.reduce((sum, weight, index) => sum + (index === 0 ? weight : Math.max(0, weight) * FURTHER), 0),
    );
  }
  return total;
}
