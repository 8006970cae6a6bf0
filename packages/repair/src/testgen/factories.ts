import type { CodebaseInfo, FunctionInfo } from '@selfheal/contracts';
import type { TestImport } from './test-plan.ts';

export interface Factory {
  readonly code: string;
  readonly imports: readonly TestImport[];
}

/**
 * A function of the repository that makes what a parameter asks for and needs no argument: `createShop()` for `shop: Shop`, also one
 * among the helpers of the tests. By return type first, then by name.
 */
export function factoryFor(parameter: { name: string; type?: string | undefined }, codebase: CodebaseInfo): Factory | undefined {
  const type = parameter.type?.replace(/^Readonly<(.*)>$/, '$1').trim();
  const usable = codebase.functions.filter(
    (info) => info.exportedAs !== undefined && /^[A-Za-z_$][\w$]*$/.test(info.exportedAs) && info.params.every((param) => param.optional),
  );
  const byType = type === undefined || !/^[A-Z]\w*$/.test(type) ? undefined : usable.find((info) => givesType(info, type));
  const made = byType ?? usable.find((info) => makesName(info, parameter.name));
  return made && { code: `${made.async ? 'await ' : ''}${made.name}()`, imports: [importOf(made)] };
}

/** How a test takes in an exported function. */
export function importOf(info: FunctionInfo): TestImport {
  const exported = info.exportedAs ?? info.name;
  const as = /^[A-Za-z_$][\w$]*$/.test(info.name) && info.name !== 'default' ? info.name : 'subject';
  return { path: info.file, name: exported, as };
}

function givesType(info: FunctionInfo, type: string): boolean {
  const given = info.returnType?.replace(/^Promise<(.*)>$/, '$1') ?? '';
  return given === type || given.split(/\s*&\s*/).includes(type);
}

function makesName(info: FunctionInfo, name: string): boolean {
  const wanted = name.toLowerCase().replace(/s$/, '');
  const [, made] = /^(?:create|make|build|new|fake|stub|sample|test|mock|a|an)_?([A-Z]\w*)$/.exec(info.name) ?? [];
  return wanted.length > 2 && (made?.toLowerCase() === wanted || made?.toLowerCase() === name.toLowerCase());
}
