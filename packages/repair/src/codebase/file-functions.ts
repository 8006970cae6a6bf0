import { collectFunctions } from './syntax/collect-functions.ts';
import { readModuleFacts } from './syntax/module-facts.ts';
import { endLineOf, lineOf, parseSource } from './syntax/parse-source.ts';

/** The named functions of one file by its syntax alone, in source order; methods are `Class.method`. */
export function functionsOfFile(path: string, text: string): { name: string; startLine: number; endLine: number }[] {
  const source = parseSource(path, text);
  return collectFunctions(source, readModuleFacts(source)).map(({ name, node }) => ({
    name,
    startLine: lineOf(node),
    endLine: endLineOf(node),
  }));
}
