import type { HttpRequest } from '@selfheal/contracts';
import { type AppEntry, appEntries } from './app-entry.ts';
import type { Argument } from './arguments.ts';
import { type CallValues, callValues } from './call-values.ts';
import { flowArguments, flowCall } from './flow-call.ts';
import type { FlowExpectation } from './flow-expectation.ts';
import type { CodeFunction } from './function-node.ts';
import { toLiteral, toStringLiteral } from './literal.ts';
import { orderAssertions, orderPlan, recordingLines } from './order-assertions.ts';
import type { TestContext } from './test-context.ts';
import type { TestImport, TestPlan } from './test-plan.ts';

const SECONDS = 20;

/**
 * Tests that run the flow in a process of its own and read the steps from what it prints: loggers such as pino write to the output
 * directly, where no test of the same process can see it.
 */
export function outputTests(context: TestContext, functions: readonly CodeFunction[], expected: FlowExpectation): TestPlan[] {
  const { codebase, sources, diagnosis, style } = context;
  const calls = callValues([...diagnosis.analysis.failingCalls, ...diagnosis.analysis.passingCalls]);
  const requests = calls.filter((call) => call.request !== undefined).slice(0, 1);
  const served = appEntries(codebase, sources)
    .slice(0, 1)
    .flatMap((entry) => requests.flatMap((call) => servedPlan(context, entry, call, expected) ?? []));
  const args = { codebase, sources, style: style.code, shape: {} };
  const called = functions.slice(0, 1).flatMap((fn) =>
    flowArguments(fn, calls, args)
      .slice(0, 1)
      .flatMap((list) => calledPlan(context, fn, list, expected) ?? []),
  );
  return [...served, ...called];
}

function servedPlan(
  context: TestContext,
  entry: AppEntry,
  { request, eventId }: CallValues,
  expected: FlowExpectation,
): TestPlan | undefined {
  if (!request) return undefined;
  const script = [...importLines(entry.imports), ...sendingLines(entry, request, context)];
  const subject = `${request.method} ${request.route ?? request.path}`;
  return planOf(context, subject, script, expected, {
    events: [eventId],
    description: `the logged request ${subject}, by what the service prints`,
  });
}

/** Statements that send a request to the service within its process, and end it. */
function sendingLines({ framework, code }: AppEntry, request: HttpRequest, { style }: TestContext): string[] {
  const { quote: q } = style.code;
  const method = toStringLiteral(request.method, q);
  const url = toStringLiteral(request.path, q);
  const body = request.body === undefined ? undefined : toLiteral(request.body, style.code);
  const service = `const service = ${code};`;
  if (framework === 'fastify')
    return [service, `await service.inject({ method: ${method}, url: ${url}${body === undefined ? '' : `, payload: ${body}`} });`];
  const sent = body === undefined ? '' : `, headers: { ${q}content-type${q}: ${q}application/json${q} }, body: JSON.stringify(${body})`;
  if (framework === 'hono') return [service, `await service.request(${url}, { method: ${method}${sent} });`];
  return [
    service,
    `const server = service.listen(0);`,
    `await fetch(\`http://127.0.0.1:\${server.address().port}\${${url}}\`, { method: ${method}${sent} });`,
    `server.close();`,
    `server.closeAllConnections?.();`,
  ];
}

function calledPlan(context: TestContext, fn: CodeFunction, args: readonly Argument[], expected: FlowExpectation): TestPlan | undefined {
  const call = flowCall(fn, [], args, context.style);
  if (!call) return undefined;
  const script = [...importLines(call.imports), ...call.setup, `await ${call.call};`];
  const subject = fn.info.name.split('.').at(-1) ?? fn.info.name;
  return planOf(context, subject, script, expected, { events: [], description: 'a run of the flow, by what it prints' });
}

function importLines(imports: readonly TestImport[]): string[] {
  const unique = [...new Map(imports.filter((one) => !one.type).map((one) => [one.as, one])).values()];
  return unique.map((one) => {
    const from = one.path === undefined ? (one.module ?? '') : `./${one.path}`;
    if (one.name === '*') return `import * as ${one.as} from ${JSON.stringify(from)};`;
    if (one.name === 'default' || one.name === 'module.exports') return `import ${one.as} from ${JSON.stringify(from)};`;
    return `import { ${one.name === one.as ? one.as : `${one.name} as ${one.as}`} } from ${JSON.stringify(from)};`;
  });
}

function planOf(
  context: TestContext,
  subject: string,
  script: readonly string[],
  expected: FlowExpectation,
  source: TestPlan['source'],
): TestPlan {
  const { style } = context;
  const { semicolon: end, indent, quote: q } = style.code;
  const lines = script.flatMap((line) => line.split('\n')).map((line) => `${indent}${line.replace(/[\\`]|\$\{/g, (char) => `\\${char}`)}`);
  return {
    ...orderPlan(context, subject, expected),
    imports: [{ module: 'node:child_process', name: 'spawnSync', as: 'spawnSync' }],
    body: [
      ...recordingLines(expected, context),
      `const script = \``,
      ...lines,
      `\`${end}`,
      `const options = { encoding: ${q}utf8${q}, timeout: ${SECONDS * 1000} }${style.typescript ? ' as const' : ''}${end}`,
      `const { stdout } = spawnSync(process.execPath, [${q}--input-type=module${q}, ${q}--eval${q}, script], options)${end}`,
      `for (const line of stdout.split(${q}\\n${q})) note(line)${end}`,
      ...orderAssertions(expected, context),
    ],
    asynchronous: false,
    source,
    weight: 0.45,
  };
}
