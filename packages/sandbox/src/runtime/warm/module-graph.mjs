/**
 * The project's modules, held so that one of them can be given another text: it and whatever imports it are evaluated again, everything
 * else (and every package) is kept. ECMAScript modules are real ones (vm.SourceTextModule), CommonJS runs in Node's own wrapper.
 */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire, isBuiltin, stripTypeScriptTypes } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';

const EXTENSIONS = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.mjs',
  '.cjs',
  '.jsx',
  '.json',
  '/index.ts',
  '/index.tsx',
  '/index.js',
  '/index.mjs',
  '/index.cjs',
];
const ESM_SYNTAX = /^\s*(import\s*[\w{*'"]|export\s)/m;

export class ModuleGraph {
  #root;
  #texts;
  #provided;
  #aliases;
  #changed = {};
  /** Module by path. */
  #modules = new Map();
  #importers = new Map();
  #externals = new Map();
  #resolved = new Map();

  constructor({ root, texts, provided, aliases }) {
    this.#aliases = aliases ?? [];
    this.#root = root;
    this.#texts = texts;
    this.#provided = provided;
  }

  /** Puts other texts in place; those of the call before are taken back. */
  replace(changed) {
    for (const path of new Set([...Object.keys(this.#changed), ...Object.keys(changed)])) {
      if (this.#changed[path] !== changed[path]) this.#drop(path, new Set());
    }
    this.#changed = changed;
  }

  /** Evaluates a module anew, with what it imports. */
  async fresh(path) {
    this.#drop(path, new Set());
    await this.namespace(path);
  }

  async namespace(path) {
    const module = await this.#load(path);
    if (module.commonjs !== undefined) return this.#requireFile(path);
    await this.#evaluate(module.esm);
    return module.esm.namespace;
  }

  #drop(path, seen) {
    if (seen.has(path)) return;
    seen.add(path);
    this.#modules.delete(path);
    for (const importer of this.#importers.get(path) ?? []) this.#drop(importer, seen);
  }

  async #evaluate(esm) {
    if (esm.status === 'unlinked') esm.instantiate();
    await esm.evaluate();
  }

  /** Loads a module and, for an ECMAScript module, links all that it imports. */
  async #load(path) {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const text = this.#text(path);
    if (path.endsWith('.json')) return this.#keep(path, { commonjs: text, json: true });
    if (!isEsm(path, text)) return this.#keep(path, { commonjs: text });
    const esm = new vm.SourceTextModule(text, {
      identifier: path,
      initializeImportMeta: (meta) => {
        meta.url = pathToFileURL(path).href;
        meta.filename = path;
        meta.dirname = dirname(path);
        meta.resolve = (specifier) => import.meta.resolve(specifier, meta.url);
        meta.main = false;
      },
      importModuleDynamically: (specifier) => this.#import(specifier, path),
    });
    const kept = this.#keep(path, { esm });
    const targets = [];
    for (const { specifier } of esm.moduleRequests) targets.push(await this.#target(specifier, path));
    esm.linkRequests(targets);
    return kept;
  }

  #keep(path, module) {
    this.#modules.set(path, module);
    return module;
  }

  async #import(specifier, importer) {
    const target = await this.#target(specifier, importer);
    await this.#evaluate(target);
    return target;
  }

  async #target(specifier, importer) {
    const provided = this.#provided[specifier];
    if (provided !== undefined) return this.#synthetic(`provided:${specifier}`, () => provided);
    const path = this.#resolve(specifier, importer);
    if (path.startsWith('/') && this.#isProject(path)) {
      this.#noteImport(path, importer);
      const module = await this.#load(path);
      if (module.esm !== undefined) return module.esm;
      module.wrapper ??= await this.#wrapped(path);
      return module.wrapper;
    }
    const external = this.#externals.get(path) ?? (await this.#synthetic(path, await importNamespace(path)));
    this.#externals.set(path, external);
    return external;
  }

  async #wrapped(path) {
    const value = this.#requireFile(path);
    const named =
      typeof value === 'object' || typeof value === 'function'
        ? Object.fromEntries(Object.keys(value ?? {}).map((key) => [key, value[key]]))
        : {};
    const isDefault = value?.__esModule === true && 'default' in value;
    return makeSynthetic(path, { ...named, default: isDefault ? value.default : value, 'module.exports': value });
  }

  async #synthetic(path, values) {
    const known = this.#externals.get(path);
    if (known !== undefined) return known;
    const made = await makeSynthetic(path, typeof values === 'function' ? values() : values);
    this.#externals.set(path, made);
    return made;
  }

  #requireFile(path) {
    const module = this.#modules.get(path) ?? this.#keep(path, { commonjs: this.#text(path), json: path.endsWith('.json') });
    if (module.esm !== undefined) return module.esm.namespace;
    if (module.instance !== undefined) return module.instance.exports;
    module.instance = { exports: {}, id: path, filename: path, loaded: false, children: [], paths: [] };
    if (module.json) {
      module.instance.exports = JSON.parse(module.commonjs);
      return module.instance.exports;
    }
    const run = vm.compileFunction(module.commonjs, ['exports', 'require', 'module', '__filename', '__dirname'], {
      filename: path,
      importModuleDynamically: (specifier) => this.#import(specifier, path),
    });
    const { instance } = module;
    try {
      Reflect.apply(run, instance.exports, [instance.exports, this.#require(path), instance, path, dirname(path)]);
    } catch (error) {
      this.#modules.delete(path);
      throw error;
    }
    instance.loaded = true;
    return instance.exports;
  }

  #require(importer) {
    const native = createRequire(importer);
    const require = (specifier) => {
      const provided = this.#provided[specifier];
      if (provided !== undefined) return provided.default ?? provided;
      if (isBuiltin(specifier)) return native(specifier);
      const path = this.#resolve(specifier, importer);
      if (!path.startsWith('/') || !this.#isProject(path)) return native(specifier);
      this.#noteImport(path, importer);
      const text = this.#text(path);
      if (!path.endsWith('.json') && isEsm(path, text)) return this.#requireEsm(path);
      return this.#requireFile(path);
    };
    return Object.assign(require, { resolve: native.resolve, cache: {}, main: undefined });
  }

  /** As Node's require of an ECMAScript module: everything below it must be ready without waiting. */
  #requireEsm(path) {
    const module = this.#modules.get(path);
    if (module?.esm === undefined) throw new Error(`${path} is an ECMAScript module that was not loaded before it was required`);
    return module.esm.namespace;
  }

  #resolve(specifier, importer) {
    const key = `${dirname(importer)}\0${specifier}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const found = this.#find(specifier, importer);
    this.#resolved.set(key, found);
    return found;
  }

  #find(specifier, importer) {
    if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
    const base = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
    if (/^\.{0,2}\//.test(base) || base === '.' || base === '..')
      return existingFile(resolve(dirname(importer), base)) ?? resolve(dirname(importer), base);
    const aliased = this.#aliased(base);
    if (aliased !== undefined) return aliased;
    const url = import.meta.resolve(base, pathToFileURL(importer).href);
    return url.startsWith('file:') ? realpathSync(fileURLToPath(url)) : url;
  }

  /** `paths` of the project's tsconfig, the longest prefix first. */
  #aliased(specifier) {
    for (const { pattern, targets } of this.#aliases.toSorted((a, b) => b.pattern.length - a.pattern.length)) {
      const [before, after] = pattern.split('*');
      const fits = after === undefined ? specifier === pattern : specifier.startsWith(before) && specifier.endsWith(after);
      if (!fits) continue;
      const middle = after === undefined ? '' : specifier.slice(before.length, specifier.length - after.length);
      const found = targets.map((target) => existingFile(target.replace('*', middle))).find((path) => path !== undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #isProject(path) {
    return path.startsWith(`${this.#root}/`) && !path.includes('/node_modules/');
  }

  #noteImport(path, importer) {
    const importers = this.#importers.get(path) ?? new Set();
    importers.add(importer);
    this.#importers.set(path, importers);
  }

  /** The text as Node would run it, types taken out. */
  #text(path) {
    const given = this.#changed[path] ?? this.#texts[path];
    const text = given ?? readFileSync(path, 'utf8');
    if (!/\.[cm]?ts$/.test(path)) return text.startsWith('#!') ? `//${text}` : text;
    return stripTypeScriptTypes(text, { mode: 'strip' });
  }
}

async function makeSynthetic(path, values) {
  const names = [...new Set(Object.keys(values))];
  const module = new vm.SyntheticModule(
    names,
    function setAll() {
      for (const name of names) this.setExport(name, values[name]);
    },
    { identifier: path },
  );
  await module.link(() => undefined);
  await module.evaluate();
  return module;
}

async function importNamespace(path) {
  const namespace = await import(path.startsWith('/') ? pathToFileURL(path).href : path);
  return namespace;
}

function existingFile(path) {
  const swapped = /\.[cm]?js$/.test(path) ? [path.replace(/js$/, 'ts'), path.replace(/\.js$/, '.tsx')] : [];
  for (const candidate of [...EXTENSIONS.map((extension) => path + extension), ...swapped]) {
    if (existsSync(candidate) && statSync(candidate).isFile()) return candidate;
  }
  return undefined;
}

function isEsm(path, text) {
  const extension = extname(path);
  if (extension === '.mjs' || extension === '.mts') return true;
  if (extension === '.cjs' || extension === '.cts') return false;
  return packageType(dirname(path)) === 'module' || ESM_SYNTAX.test(text);
}

const types = new Map();
function packageType(folder) {
  const known = types.get(folder);
  if (known !== undefined) return known;
  const manifest = join(folder, 'package.json');
  const found = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')).type ?? 'commonjs')
    : dirname(folder) === folder
      ? 'commonjs'
      : packageType(dirname(folder));
  types.set(folder, found);
  return found;
}
