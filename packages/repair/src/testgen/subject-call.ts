import type { ArgumentList } from './arguments.ts';
import { importOf } from './factories.ts';
import type { CodeFunction } from './function-node.ts';
import type { TestImport } from './test-plan.ts';
import type { TestStyle } from './test-style.ts';

/** How a test calls a function: what it takes in, what it sets up, the call itself. */
export interface SubjectCall {
  readonly imports: readonly TestImport[];
  readonly setup: readonly string[];
  readonly call: string;
  readonly asynchronous: boolean;
  /** The setup awaits something. */
  readonly awaits: boolean;
}

const INLINE = 60;

/**
 * Undefined where a test cannot reach the function, e.g. a method of a class that cannot be made without arguments. With `cast`, the
 * compiler takes the arguments for right: production sends what the types forbid.
 */
export function subjectCall(fn: CodeFunction, list: ArgumentList, style: TestStyle, cast = false): SubjectCall | undefined {
  const reached = reach(fn);
  if (!reached) return undefined;
  const end = style.code.semicolon;
  const taken = new Set([
    reached.import.as,
    style.test,
    style.assertion.name,
    ...list.args.flatMap((arg) => arg.imports.map((one) => one.as)),
  ]);
  const setup: string[] = [];
  const values = list.args.map((arg) => {
    const isShort = arg.code.length <= INLINE && !arg.code.includes('\n');
    if (isShort && (list.args.length === 1 || !/^[[{]/.test(arg.code)) && !arg.code.startsWith('await ')) return arg.code;
    const name = freeName(arg.name, taken);
    setup.push(`const ${name} = ${arg.code}${end}`);
    return name;
  });
  return {
    imports: [reached.import, ...list.args.flatMap((arg) => arg.imports)],
    setup,
    call: `${reached.callee}(${values.map((value) => (cast ? `${value} as never` : value)).join(', ')})`,
    asynchronous: isAsynchronous(fn),
    awaits: setup.some((line) => / = await /.test(line)),
  };
}

export function isAsynchronous({ info, node }: CodeFunction): boolean {
  return (
    info.async || /^Promise</.test(info.returnType ?? '') || /return new Promise\(|return [\w.]+(\([^)]*\))?\.then\(/.test(node.getText())
  );
}

function freeName(wish: string, taken: Set<string>): string {
  const base = /^[A-Za-z_$][\w$]*$/.test(wish) ? wish : 'input';
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}${count}`;
  taken.add(name);
  return name;
}

function reach({ info }: CodeFunction): { import: TestImport; callee: string } | undefined {
  const exported = info.exportedAs;
  if (exported === undefined) return undefined;
  const [owner = '', method] = exported.split('#');
  if (method !== undefined) return method === 'constructor' ? undefined : ofInstance(info.file, owner, method, info.name);
  const at = exported === 'module.exports' ? -1 : exported.indexOf('.');
  if (at < 0) return { import: importOf(info), callee: importOf(info).as };
  const holder = exported.slice(0, at);
  const as = isWhole(holder) ? localName(info.name.split('.')[0] ?? '') : holder;
  return { import: { path: info.file, name: holder, as }, callee: `${as}.${exported.slice(at + 1)}` };
}

function ofInstance(path: string, owner: string, method: string, name: string): { import: TestImport; callee: string } {
  const as = isWhole(owner) ? localName(name.split('.')[0] ?? '') : owner;
  return { import: { path, name: owner, as }, callee: `new ${as}().${method}` };
}

function isWhole(name: string): boolean {
  return name === 'default' || name === 'module.exports';
}

function localName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default' ? name : 'Subject';
}
