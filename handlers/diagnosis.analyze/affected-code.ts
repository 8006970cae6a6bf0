import type { CodebaseInfo, FunctionInfo, Impact, IssueAnalysis } from '@selfheal/contracts';

const CALLERS = 50;

/** Functions at fault, all that call them over any number of calls, and the routes and sequences that run any of these. */
export function affectedBy(issue: IssueAnalysis, codebase: CodebaseInfo): Impact['affected'] {
  const faulty = faultyFunctions(issue, codebase);
  const callers = callersOf(faulty, codebase);
  const reached = new Set([...faulty, ...callers].map((one) => one.id));
  const names = new Set([...faulty, ...callers].flatMap((one) => [one.name, one.name.slice(one.name.lastIndexOf('.') + 1)]));
  const flow = issue.data.flow;
  return {
    functions: faulty.map((one) => one.id),
    callers: callers.slice(0, CALLERS).map((one) => one.id),
    routes: codebase.routes.filter((route) => reached.has(route.functionId)).map((route) => `${route.method} ${route.path}`),
    sequences: codebase.flows
      .filter(
        (declared) =>
          declared.id === flow ||
          declared.file === issue.rootCause.location.file ||
          declared.steps.some((step) => names.has(step.handler ?? '')),
      )
      .map((declared) => declared.id),
  };
}

function faultyFunctions(issue: IssueAnalysis, codebase: CodebaseInfo): FunctionInfo[] {
  const ids = [issue.rootCause.location.functionId, issue.data.producer, issue.data.functionId];
  return codebase.functions.filter((one) => ids.includes(one.id));
}

/** Nearest callers first. */
function callersOf(start: readonly FunctionInfo[], codebase: CodebaseInfo): FunctionInfo[] {
  const found = new Set(start.map((one) => one.id));
  const callers: FunctionInfo[] = [];
  for (let edge = [...found]; edge.length > 0; ) {
    const next = codebase.functions.filter((one) => !found.has(one.id) && one.calls.some((id) => edge.includes(id)));
    for (const one of next) found.add(one.id);
    callers.push(...next);
    edge = next.map((one) => one.id);
  }
  const tests = new Set(codebase.files.filter((file) => file.test).map((file) => file.path));
  return callers.filter((one) => !tests.has(one.file));
}
