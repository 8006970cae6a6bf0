import type { RegressionTest } from '@selfheal/contracts';
import type { Node } from 'ts-morph';
import { atSite, type Site } from '../templates/causes.ts';
import { failureConvention } from '../templates/failure-convention.ts';
import { nullAccessesAt } from '../templates/null-access.ts';
import type { Exit } from '../templates/return-values.ts';
import { functionAround } from '../templates/syntax-tree.ts';
import { type ArgumentContext, type ArgumentList, loggedArguments, minimalArguments } from './arguments.ts';
import { callValues } from './call-values.ts';
import { type CodeFunction, functionOf, functionsToCall } from './function-node.ts';
import { passingChecks } from './passing-checks.ts';
import { type SubjectCall, subjectCall } from './subject-call.ts';
import type { TestContext } from './test-context.ts';
import type { TestPlan } from './test-plan.ts';

const CALLS_TRIED = 3;
/** Below it, what the function would return is too much of a guess to be asserted. */
const SURE_OF_CONVENTION = 0.6;

/**
 * Tests that call the faulty function, or one that leads to it, as production did. The strict form asserts what the function's own
 * convention gives for such input; the plain form asserts that it does not fail.
 */
export function errorTests(context: TestContext): TestPlan[] {
  const { diagnosis, codebase, sources } = context;
  const { rootCause, failingCalls, frames } = diagnosis.analysis;
  const place = faultAt(context);
  const logged = callValues(failingCalls, codebase.routes).slice(0, CALLS_TRIED);
  return functionsToCall(rootCause.location, frames, codebase).flatMap((info, rank) => {
    const fn = functionOf(info, sources);
    if (!fn) return [];
    const args: ArgumentContext = { codebase, sources, style: context.style.code, shape: shapeOptions(place) };
    const lists = logged.flatMap((values) =>
      loggedArguments(fn, values, args)
        .slice(0, 2)
        .map((list) => ({ list, events: [values.eventId] })),
    );
    const all = [...lists, { list: minimalArguments(fn, args), events: [] as string[] }];
    return all.flatMap(({ list, events }) =>
      plansFor(context, fn, list, events, place).map((plan) => ({ ...plan, weight: plan.weight * 0.8 ** rank })),
    );
  });
}

interface FaultPlace {
  readonly site: Site;
  readonly node: Node | undefined;
  /** The value that is missing when it fails. */
  readonly missing: Node | undefined;
}

/** Causes where a value that is not there is at fault. */
const MISSING = /^(null-access|unguarded-input|out-of-bounds|unknown)$/;

function faultAt({ diagnosis, codebase, sources }: TestContext): FaultPlace | undefined {
  const site = atSite({ analysis: diagnosis.analysis, codebase, sources }, diagnosis.analysis.rootCause);
  if (!site) return undefined;
  const [access] = MISSING.test(site.cause.category) ? nullAccessesAt(site) : [];
  const { line } = site.cause.location;
  const node = access?.node ?? site.source.getDescendants().find((one) => one.getStartLineNumber() === line);
  return { site, node, missing: access?.receiver };
}

function shapeOptions(place: FaultPlace | undefined): ArgumentContext['shape'] {
  return { ...(place?.missing ? { missing: place.missing } : {}), ...(place?.node ? { reach: place.node } : {}) };
}

interface Claim {
  readonly fn: CodeFunction;
  readonly list: ArgumentList;
  readonly events: string[];
  readonly place: FaultPlace | undefined;
  /** Lines behind the assertion. */
  readonly after: readonly string[];
}

function plansFor(context: TestContext, fn: CodeFunction, list: ArgumentList, events: string[], place: FaultPlace | undefined): TestPlan[] {
  const checks = passingChecks(context, fn);
  const plans = plansWith(context, { fn, list, events, place, after: checks });
  if (checks.length === 0) return plans;
  // What a call gave may depend on more than its arguments: then only the tests without it hold.
  const without = plansWith(context, { fn, list, events, place, after: [] });
  return [...plans, ...without.map((plan) => ({ ...plan, weight: plan.weight * 0.9 }))];
}

function plansWith(context: TestContext, { fn, list, events, place, after }: Claim): TestPlan[] {
  const subject = subjectCall(fn, list, context.style);
  if (!subject) return [];
  const { assert, diagnosis, anomaly } = context;
  const name = fn.info.name.split('.').at(-1) ?? fn.info.name;
  const condition = place?.missing
    ? `where ${shorten(place.missing.getText())} is missing`
    : events.length > 0
      ? 'for input that production sent'
      : 'for the least input that gets there';
  const common = {
    proof: 'reproduction' as const,
    target: diagnosis.analysis.rootCause.location,
    subject: name,
    imports: subject.imports,
    source: { events, description: events.length > 0 ? `a failing production call: ${list.origin}` : list.origin },
    ...reproduced(anomaly),
  };
  const asynchronous = subject.asynchronous || subject.awaits || after.some((line) => line.includes('await '));
  const strict = expectedExit(fn, place, context);
  const bodies = (assertion: (subject: SubjectCall) => string) => {
    const lines = (one: SubjectCall) => [...one.setup, assertion(one), ...after];
    const cast = context.style.typescript ? subjectCall(fn, list, context.style, true) : undefined;
    return { body: lines(subject), ...(cast ? { castBody: lines(cast) } : {}) };
  };
  const plain: TestPlan = {
    ...common,
    claim: `does not fail ${condition}`,
    ...bodies((one) => assert.succeeds(one.call, one.asynchronous)),
    asynchronous,
    expectation: `${name} does not throw`,
    weight: list.confidence * 0.8,
  };
  if (!strict) return [plain];
  const strictBodies = bodies((one) => strictAssertion(strict, one, context));
  return [{ ...plain, ...strictForm(strict, name, condition), ...strictBodies, weight: list.confidence }, plain];
}

function strictForm(exit: Exit, name: string, condition: string): Pick<TestPlan, 'claim' | 'expectation'> {
  if (exit.kind === 'throw')
    return { claim: `fails with ${thrownClass(exit)} ${condition}`, expectation: `${name} throws ${thrownClass(exit)}, ${exit.why}` };
  return { claim: `gives ${exit.value ?? 'nothing'} ${condition}`, expectation: `${name} gives ${exit.value ?? 'undefined'}, ${exit.why}` };
}

function strictAssertion(exit: Exit, subject: { call: string; asynchronous: boolean }, { assert }: TestContext): string {
  if (exit.kind === 'throw') return assert.throwsNamed(subject.call, thrownClass(exit) ?? 'Error', subject.asynchronous);
  const actual = subject.asynchronous ? `await ${subject.call}` : subject.call;
  const value = exit.value ?? 'undefined';
  return /^[[{]|^new /.test(value) ? assert.deepEqual(actual, value) : assert.equal(actual, value);
}

/** What the function is to give instead of failing, where its convention is clear and a test can state it. */
function expectedExit(fn: CodeFunction, place: FaultPlace | undefined, { style }: TestContext): Exit | undefined {
  if (!place?.node || functionAround(place.node) !== fn.node) return undefined;
  const [best] = failureConvention(place.node, { ...place.site.style, quote: style.code.quote });
  if (!best || best.weight < SURE_OF_CONVENTION) return undefined;
  if (best.kind === 'throw') return thrownClass(best) === undefined || thrownClass(best) === 'Error' ? undefined : best;
  return best.kind === 'return' &&
    /^(null|undefined|true|false|-?\d+|NaN|\[\]|\{\}|''|""|new (Map|Set)\(\)|'[\w .-]*'|"[\w .-]*")?$/.test(best.value ?? '')
    ? best
    : undefined;
}

function thrownClass(exit: Exit): string | undefined {
  return /throw new (\w+)\(/.exec(exit.statements.at(-1) ?? '')?.[1];
}

function reproduced(anomaly: TestContext['anomaly']): Pick<RegressionTest, 'reproduces'> {
  if (anomaly.details.type !== 'error') return {};
  const { error } = anomaly.details;
  return { reproduces: { type: error.type, message: (error.examples[0]?.message ?? error.normalisedMessage).slice(0, 500) } };
}

function shorten(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 50 ? `${flat.slice(0, 47)}...` : flat;
}
