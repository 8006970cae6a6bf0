import type { DeclaredFlow } from '@selfheal/contracts';

type DeclaredStep = DeclaredFlow['steps'][number];

/** The steps of a declared flow under the names that telemetry gives them. */
export interface NamedStep {
  readonly name: string;
  readonly declared: DeclaredStep;
}

const LEAST_OVERLAP = 0.6;
const LEAST_STEPS = 3;

/** The declaration of a flow: by its name, else by its steps. */
export function findDeclared(flow: string, seen: ReadonlySet<string>, declared: readonly DeclaredFlow[]): DeclaredFlow | undefined {
  const named = declared.find(({ id }) => id === flow) ?? declared.find(({ id }) => plain(id) === plain(flow));
  if (named !== undefined) return named;
  const ranked = declared
    .map((candidate) => ({
      candidate,
      shared: [...seen].filter((step) => candidate.steps.some((declaredStep) => isNamed(declaredStep, step))).length,
    }))
    .sort((a, b) => b.shared - a.shared);
  const best = ranked[0];
  return best !== undefined && best.shared >= LEAST_STEPS && best.shared >= seen.size * LEAST_OVERLAP ? best.candidate : undefined;
}

/** A step is logged under its event or its handler; where it was not seen, its handler names it. */
export function nameSteps({ steps }: DeclaredFlow, seen: ReadonlySet<string>): NamedStep[] {
  return steps.flatMap((declared) => {
    const name = [...seen].find((step) => isNamed(declared, step)) ?? declared.handler ?? declared.event;
    return name === undefined ? [] : [{ name, declared }];
  });
}

function isNamed({ event, handler }: DeclaredStep, step: string): boolean {
  return step === handler || step === event;
}

/** Names differ in case and punctuation between a log and a document, and a log may add ` (Batched)`. */
function plain(name: string): string {
  return name
    .replace(/\s*\(batched\)$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');
}
