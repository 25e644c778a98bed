// The rules of the house as functions over source text, so that each rule can be shown to fail.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import ts from 'typescript';

export const ROOT = join(import.meta.dirname, '..', '..');

/** A room, and the rooms that it may import from. `ports` and `digest` are single files. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  ports: ['core'],
  digest: ['core'],
  emf: [],
  steps: ['steps', 'ports', 'core', 'digest'],
  aws: ['aws', 'ports', 'core', 'digest'],
  runtime: ['runtime', 'steps', 'ports', 'core'],
  report: ['report', 'core'],
  sim: ['sim', 'runtime', 'steps', 'ports', 'core', 'digest'],
  replay: ['replay', 'core'],
  bench: ['bench', 'replay', 'sim', 'core'],
  cli: ['cli', 'sim', 'aws', 'report', 'replay', 'ports', 'core', 'digest'],
  lambdas: ['runtime', 'steps', 'aws'],
  lib: ['lib', 'steps', 'ports', 'core', 'digest', 'cli'],
  bin: ['lib', 'cli', 'core'],
  gameday: ['gameday', 'lib', 'cli', 'aws', 'core'],
};

/** Packages a room may use; rooms that are not listed may use any dependency. */
const PACKAGES: Readonly<Record<string, readonly RegExp[]>> = {
  core: [/^zod$/],
  ports: [],
  digest: [/^node:crypto$/],
  emf: [],
  steps: [/^zod$/],
  report: [],
  lib: [/^aws-cdk-lib/, /^constructs$/, /^node:/, /^esbuild$/, /^zod$/],
  lambdas: [],
};

export interface Import {
  readonly specifier: string;
  readonly isTypeOnly: boolean;
}

function roomOf(file: string): string {
  if (file === 'src/ports.ts') return 'ports';
  if (file === 'src/spec-digest.ts' || file === 'src/audit-chain.ts') return 'digest';
  const [first, second] = file.split('/');
  return first === 'src' ? (second ?? '') : (first ?? '');
}

export function importsOf(file: string, source: string): Import[] {
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      const isTypeOnly = ts.isImportDeclaration(node)
        ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
        : node.isTypeOnly;
      imports.push({ specifier: node.moduleSpecifier.text, isTypeOnly: isTypeOnly === true });
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      imports.push({
        specifier: argument && ts.isStringLiteral(argument) ? argument.text : '(computed)',
        isTypeOnly: false,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file, source));
  return imports;
}

/** Imports against the direction of the rooms, or of packages a room may not use. */
export function importProblems(file: string, source: string): string[] {
  const room = roomOf(file);
  const rooms = ALLOWED[room];
  if (rooms === undefined) return [`${file}: ${room} is not a room of this house`];
  return importsOf(file, source).flatMap(({ specifier }) => {
    if (!specifier.startsWith('.')) {
      const packages = PACKAGES[room];
      return packages === undefined || packages.some((allowed) => allowed.test(specifier))
        ? []
        : [`${file}: ${room} may not use the package ${specifier}`];
    }
    const target = normalize(join(dirname(file), specifier));
    return rooms.includes(roomOf(target)) ? [] : [`${file}: ${room} may not import ${target}`];
  });
}

const IMPURE_GLOBALS = new Set([
  'process',
  'globalThis',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'crypto',
  'console',
]);

/** Clock, randomness and environment in the core. `new Date(ms)` and Intl are pure. */
export function purityProblems(file: string, source: string): string[] {
  const problems: string[] = [];
  const tree = parse(file, source);
  const ownNames = declaredNames(tree);
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText();
      if (text === 'Date.now' || text === 'Math.random')
        problems.push(`${file}: the core may not use ${text}`);
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) {
      problems.push(`${file}: the core may not read the clock with new Date()`);
    }
    if (
      ts.isIdentifier(node) &&
      IMPURE_GLOBALS.has(node.text) &&
      !ownNames.has(node.text) &&
      isGlobalUse(node)
    ) {
      problems.push(`${file}: the core may not use ${node.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return problems;
}

/** Names that the file itself gives to a variable or parameter: an e-process may be called `process`. */
function declaredNames(tree: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const declares = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node);
    if (declares && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return names;
}

/** Not a property name, not a declaration's own name. */
function isGlobalUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  return !(ts.isPropertySignature(parent) || ts.isTypeReferenceNode(parent) || ts.isParameter(parent));
}

function parse(file: string, source: string): ts.SourceFile {
  return ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
}

/** TypeScript files below the given folders, paths relative to the repository. */
export function sourceFiles(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  );
}

export function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
