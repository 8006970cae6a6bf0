import type { CodebaseInfo, SourceSnapshot } from '@selfheal/contracts';
import { Node, SyntaxKind } from 'ts-morph';
import { openSource } from '../templates/source-files.ts';
import { existingArguments } from './existing-calls.ts';
import { type Factory, factoryFor, importOf } from './factories.ts';
import { type CodeFunction, functionOf } from './function-node.ts';
import { nestModules } from './nest-modules.ts';
import type { TestImport } from './test-plan.ts';

export type WebFramework = 'fastify' | 'express' | 'koa' | 'hono' | 'nest' | 'node';

/** How a test gets hold of the service as a whole, without starting it. */
export interface AppEntry {
  readonly imports: readonly TestImport[];
  /** Where it is exported. */
  readonly file: string;
  /** Source that gives the app, e.g. `buildApp()`. */
  readonly code: string;
  readonly framework: WebFramework;
}

const FACTORY = /^(create|build|make|get|setup|init|configure|bootstrap)?_?(app|server|api|application|service|router)(server)?$/i;

/** Exported functions that make the app, then exported apps. Modules that start listening when they are loaded come last. */
export function appEntries(codebase: CodebaseInfo, sources: SourceSnapshot): AppEntry[] {
  return [...factories(codebase, sources), ...instances(codebase, sources), ...nestModules(codebase, sources)].sort(
    (a, b) => Number(a.listens) - Number(b.listens),
  );
}

export interface Found extends AppEntry {
  readonly listens: boolean;
}

function factories(codebase: CodebaseInfo, sources: SourceSnapshot): Found[] {
  return codebase.functions.flatMap((info) => {
    const fn = info.exportedAs !== undefined && FACTORY.test(info.name) ? functionOf(info, sources) : undefined;
    const framework = fn && frameworkOf(fn.node.getText(), sources.files[info.file] ?? '', info.returnType);
    if (!fn || !framework) return [];
    const parts = argumentsFor(fn, codebase, sources);
    if (parts === undefined) return [];
    const made = importOf(info);
    const code = `${info.async ? 'await ' : ''}${made.as}(${parts.map((one) => one.code).join(', ')})`;
    return [
      {
        file: info.file,
        imports: [made, ...parts.flatMap((one) => one.imports)],
        code,
        framework,
        listens: listensOnLoad(sources, info.file),
      },
    ];
  });
}

/** What makes the required arguments: functions of the repository, else what its own tests give. */
function argumentsFor(fn: CodeFunction, codebase: CodebaseInfo, sources: SourceSnapshot): readonly Factory[] | undefined {
  const required = fn.info.params.filter((param) => !param.optional);
  const made = required.flatMap((param) => factoryFor(param, codebase) ?? []);
  if (made.length === required.length) return made;
  return existingArguments(fn, codebase, sources).find((args) => args.length >= required.length);
}

function frameworkOf(text: string, file: string, returnType = ''): WebFramework | undefined {
  if (/Fastify/.test(returnType) || (/\b[Ff]astify\(/.test(text) && /fastify/.test(file))) return 'fastify';
  if (/\bexpress\(\)/.test(text) || /express\.Application|\bExpress\b/.test(returnType)) return 'express';
  if (/new Koa\(/.test(text)) return 'koa';
  if (/new Hono\b/.test(text)) return 'hono';
  return /\bcreateServer\(/.test(text) && /['"](node:)?http['"]/.test(file) ? 'node' : undefined;
}

/** `export const app = express()`, `module.exports = app`. */
function instances(codebase: CodebaseInfo, sources: SourceSnapshot): Found[] {
  const paths = codebase.files.filter((file) => !file.test).map((file) => file.path);
  return paths.flatMap((path) => {
    const text = sources.files[path] ?? '';
    if (!/\b(express|[Ff]astify)\(|new (Koa|Hono)\b|createServer\(/.test(text)) return [];
    const source = openSource(sources.files, path);
    return (source?.getVariableDeclarations() ?? []).flatMap((declaration) => {
      const framework = frameworkOf(declaration.getInitializer()?.getText() ?? '', text);
      const exported = framework && exportedName(declaration.getName(), text);
      if (!framework || exported === undefined) return [];
      return [
        {
          file: path,
          imports: [{ path, name: exported, as: declaration.getName() }],
          code: declaration.getName(),
          framework,
          listens: listensOnLoad(sources, path),
        },
      ];
    });
  });
}

function exportedName(name: string, text: string): string | undefined {
  if (new RegExp(`export (const|let|var) ${name}\\b|export \\{[^}]*\\b${name}\\b[^}]*\\}`).test(text)) return name;
  if (new RegExp(`export default ${name}\\b`).test(text)) return 'default';
  if (new RegExp(`module\\.exports\\s*=\\s*${name}\\b`).test(text)) return 'module.exports';
  return new RegExp(`module\\.exports\\s*=\\s*\\{[^}]*\\b${name}\\b[^}]*\\}|exports\\.${name}\\s*=`).test(text) ? name : undefined;
}

/** A statement of the module itself that opens a port, not one within a function or behind "is this the main module". */
function listensOnLoad(sources: SourceSnapshot, path: string): boolean {
  const calls = openSource(sources.files, path)?.getDescendantsOfKind(SyntaxKind.CallExpression) ?? [];
  return calls.some((call) => {
    const callee = call.getExpression();
    const opens = Node.isPropertyAccessExpression(callee) && callee.getName() === 'listen';
    return (
      opens &&
      !call.getFirstAncestor(
        (node) =>
          Node.isFunctionDeclaration(node) ||
          Node.isArrowFunction(node) ||
          Node.isFunctionExpression(node) ||
          Node.isIfStatement(node) ||
          Node.isMethodDeclaration(node),
      )
    );
  });
}
