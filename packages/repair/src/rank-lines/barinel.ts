/** One assertion: whether it held, and which components (by index) ran for it. */
export interface Activity {
  readonly passed: boolean;
  readonly ran: ReadonlySet<number>;
}

/** That a component is faulty, before anything is seen: a diagnosis of two is so much less likely than one of one. */
const PRIOR = 0.01;
/** Values of a component's goodness that are tried: the chance that what runs it passes although it is faulty. */
const GOODNESS = Array.from({ length: 24 }, (_, index) => (index + 0.5) / 24);
const MOST_IN_PAIRS = 40;

/**
 * Barinel (Abreu, Zoeteweij and van Gemund, "Spectrum-based multiple fault localization", ASE 2009): the sets of one or two components that
 * explain every failure are diagnoses; how likely each is follows from what passed and failed, by Bayes, at the goodness of its components
 * under which that is likeliest. Gives for each component the probability of the diagnoses that it is in.
 */
export function barinel(components: number, activities: readonly Activity[]): number[] {
  const failing = activities.filter(({ passed }) => !passed);
  const explains = (index: number): boolean => failing.every(({ ran }) => ran.has(index));
  const all = Array.from({ length: components }, (_, index) => index);
  const alone = all.filter(explains);
  const partial = all.filter((index) => !explains(index) && failing.some(({ ran }) => ran.has(index))).slice(0, MOST_IN_PAIRS);
  const diagnoses = [
    ...alone.map((index) => ({ members: [index], weight: PRIOR * likelihoodOfOne(activities, index) })),
    ...pairs(partial).flatMap(([a, b]) =>
      failing.every(({ ran }) => ran.has(a) || ran.has(b))
        ? [{ members: [a, b], weight: PRIOR ** 2 * likelihoodOfTwo(activities, a, b) }]
        : [],
    ),
  ];
  const total = diagnoses.reduce((sum, { weight }) => sum + weight, 0);
  const found = new Array<number>(components).fill(0);
  if (failing.length === 0 || total === 0) return found;
  for (const { members, weight } of diagnoses) for (const member of members) found[member] = (found[member] ?? 0) + weight / total;
  return found;
}

/** The likeliest goodness is the share of its runs that passed. */
function likelihoodOfOne(activities: readonly Activity[], index: number): number {
  const own = activities.filter(({ ran }) => ran.has(index));
  const passed = own.filter((one) => one.passed).length;
  const goodness = own.length === 0 ? 0 : passed / own.length;
  return goodness ** passed * (1 - goodness) ** (own.length - passed);
}

function likelihoodOfTwo(activities: readonly Activity[], a: number, b: number): number {
  const count = (passed: boolean, inA: boolean, inB: boolean): number =>
    activities.filter((one) => one.passed === passed && one.ran.has(a) === inA && one.ran.has(b) === inB).length;
  const passing = { a: count(true, true, false), b: count(true, false, true), both: count(true, true, true) };
  const failing = { a: count(false, true, false), b: count(false, false, true), both: count(false, true, true) };
  let most = 0;
  for (const first of GOODNESS) {
    for (const second of GOODNESS) {
      const passes = first ** (passing.a + passing.both) * second ** (passing.b + passing.both);
      const fails = (1 - first) ** failing.a * (1 - second) ** failing.b * (1 - first * second) ** failing.both;
      most = Math.max(most, passes * fails);
    }
  }
  return most;
}

function pairs(indexes: readonly number[]): [number, number][] {
  return indexes.flatMap((a, at) => indexes.slice(at + 1).map((b): [number, number] => [a, b]));
}
