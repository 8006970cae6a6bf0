import type { TemplateFinding } from './template-finding.ts';
import { BLOCKS, HELPERS, LEARNED, VARIABLES, type Variable } from './variables.ts';

type Node = hbs.AST.Node;

const ROOT: Variable = { kind: 'record', about: 'all variables', fields: VARIABLES };
const LOOP_DATA = ['index', 'first', 'last', 'key'];
const MAX_DEPTH = 8;

/** Walks the syntax tree of a template with the variables in scope, and notes whatever is not on the closed lists. */
export class TemplateWalk {
  readonly findings: TemplateFinding[] = [];
  readonly variables = new Set<string>();
  readonly #nearest: (name: string, known: readonly string[]) => string;
  readonly #scopes: Variable[] = [ROOT];
  #loops = 0;

  constructor(nearest: (name: string, known: readonly string[]) => string) {
    this.#nearest = nearest;
  }

  program(program: hbs.AST.Program | undefined): void {
    for (const statement of program?.body ?? []) this.#statement(statement);
  }

  #statement(node: hbs.AST.Statement): void {
    if (isA<hbs.AST.MustacheStatement>(node, 'MustacheStatement')) this.#mustache(node);
    else if (isA<hbs.AST.BlockStatement>(node, 'BlockStatement')) this.#block(node);
    else if (node.type !== 'ContentStatement' && node.type !== 'CommentStatement')
      this.#note(node, 'partials and decorators are not known here');
  }

  #mustache(node: hbs.AST.MustacheStatement): void {
    if (!node.escaped) {
      this.#note(node, 'variables are printed with two braces, not three');
      return;
    }
    if (node.params.length > 0 || node.hash !== undefined) {
      this.#helper(node);
      return;
    }
    const variable = this.#expression(node.path);
    if (variable?.kind === 'list') this.#note(node, `${original(node.path)} is a list; walk it with {{#each ${original(node.path)}}}`);
    if (variable?.kind === 'record')
      this.#note(node, `${original(node.path)} is a record; name one of its fields: ${Object.keys(variable.fields).join(', ')}`);
  }

  #helper(node: hbs.AST.MustacheStatement | hbs.AST.SubExpression): void {
    const name = original(node.path);
    const helper = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
    if (helper === undefined) {
      this.#note(node, `no helper "${name}"${this.#nearest(name, Object.keys(HELPERS))}`);
      return;
    }
    if (node.hash !== undefined && node.hash !== null) this.#note(node, `${name} takes no named arguments`);
    const { least, most } = helper;
    if (node.params.length < least || node.params.length > most)
      this.#note(node, `${name} takes ${least === most ? least : `${least} to ${most}`} arguments, not ${node.params.length}`);
    for (const param of node.params) this.#expression(param);
  }

  #block(node: hbs.AST.BlockStatement): void {
    const name = original(node.path);
    const subject = node.params[0];
    if (!BLOCKS.some((block) => block === name)) {
      this.#note(node, `no block "${name}"${this.#nearest(name, BLOCKS)}`);
      return;
    }
    if (subject === undefined || node.params.length > 1) {
      this.#note(node, `{{#${name}}} takes one argument`);
      return;
    }
    if (node.hash !== undefined && node.hash !== null) this.#note(node, `{{#${name}}} takes no named arguments`);
    if ((node.program?.blockParams?.length ?? 0) > 0) this.#note(node, 'names after "as" are not known here; use this');
    if (this.#scopes.length + this.#loops > MAX_DEPTH) {
      this.#note(node, `blocks are nested more than ${MAX_DEPTH} deep`);
      return;
    }
    const variable = this.#expression(subject);
    if (name === 'if' || name === 'unless') this.program(node.program);
    else this.#within(node, name, variable);
    this.program(node.inverse);
  }

  #within(node: hbs.AST.BlockStatement, name: string, variable: Variable | undefined): void {
    const inner = name === 'with' ? variable : elementOf(variable);
    if (variable !== undefined && inner === undefined) {
      this.#note(node, `{{#each}} walks lists; ${original(node.params[0])} is none`);
      return;
    }
    if (name === 'with' && variable?.kind === 'text') {
      this.#note(node, `{{#with}} takes a record; ${original(node.params[0])} is a text`);
      return;
    }
    this.#scopes.push(inner ?? { kind: 'open', about: 'unknown' });
    if (name === 'each') this.#loops += 1;
    this.program(node.program);
    if (name === 'each') this.#loops -= 1;
    this.#scopes.pop();
  }

  /** The variable that an expression names; undefined for literals, helpers and what is wrong. */
  #expression(node: Node): Variable | undefined {
    if (isA<hbs.AST.SubExpression>(node, 'SubExpression')) this.#helper(node);
    return isA<hbs.AST.PathExpression>(node, 'PathExpression') ? this.#path(node) : undefined;
  }

  #path(node: hbs.AST.PathExpression): Variable | undefined {
    if (node.data) {
      const name = node.parts.join('.');
      if (!LOOP_DATA.includes(name) || this.#loops === 0)
        this.#note(node, `@${name} is known only as ${LOOP_DATA.map((known) => `@${known}`).join(', ')}, within {{#each}}`);
      return undefined;
    }
    const at = this.#scopes.length - 1 - node.depth;
    if (at < 0) {
      this.#note(node, `"${node.original}" leads out of the template`);
      return undefined;
    }
    let variable = this.#scopes[at];
    for (const [index, part] of node.parts.entries()) {
      const next: Variable | undefined = fieldOf(variable, part);
      if (next === undefined) {
        const before = node.parts.slice(0, index).join('.');
        this.#note(
          node,
          `no variable "${node.original}"${this.#nearest(part, fieldNames(variable))}${before === '' ? '' : ` in ${before}`}`,
        );
        return undefined;
      }
      variable = next;
    }
    if (at === 0 && node.parts.length > 0) this.variables.add(node.parts.join('.'));
    return variable;
  }

  #note(node: Node, message: string): void {
    this.findings.push({ line: node.loc.start.line, column: node.loc.start.column + 1, message });
  }
}

function fieldOf(variable: Variable | undefined, part: string): Variable | undefined {
  if (variable?.kind === 'record') return Object.hasOwn(variable.fields, part) ? variable.fields[part] : undefined;
  if (variable?.kind !== 'open' || /^(?:__proto__|prototype|constructor)$/.test(part)) return undefined;
  return variable === VARIABLES.learned && Object.hasOwn(LEARNED, part) ? LEARNED[part] : { kind: 'open', about: 'whatever was learned' };
}

function fieldNames(variable: Variable | undefined): string[] {
  return variable?.kind === 'record' ? Object.keys(variable.fields) : [];
}

function elementOf(variable: Variable | undefined): Variable | undefined {
  if (variable?.kind === 'list') return variable.of;
  return variable?.kind === 'open' ? variable : undefined;
}

function original(node: Node | undefined): string {
  return node !== undefined && 'original' in node ? String(node.original) : 'this';
}

function isA<T extends Node>(node: Node, type: T['type'] & string): node is T {
  return node.type === type;
}
