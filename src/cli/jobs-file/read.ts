/**
 * A file of jobs: YAML, and so JSON as well; one document or many, each a map from a job's name to the job, its fields
 * those of the API.
 *
 *     nightly:
 *       command: ./backup.sh
 *       schedule: 0 2 * * *
 *
 * Names that begin with a dot are no jobs: a place for what several share, by YAML's own `&anchor` and `<<: *anchor`.
 */
import type { Place } from './place.ts';
import type { Document, Node, YAMLError } from './yaml.ts';

export interface FileJob {
  readonly name: string;
  /** As it stands in the file, not judged. */
  readonly body: unknown;
  /** Where a field of it stands, or the nearest that encloses it. */
  readonly placeOf: (field: readonly (string | number)[]) => Place;
}

export interface FileProblem extends Place {
  readonly message: string;
}

export interface JobsFile {
  readonly jobs: readonly FileJob[];
  readonly problems: readonly FileProblem[];
}

/** How often an alias may be used: more is an attack, or a mistake. */
const MOST_ALIASES = 1_000;

export async function readJobsFile(text: string): Promise<JobsFile> {
  const yaml = await import('./yaml.ts');
  const counter = new yaml.LineCounter();
  const documents = yaml.parseAllDocuments(text, { lineCounter: counter, merge: true, prettyErrors: false });
  const jobs: FileJob[] = [];
  const problems: FileProblem[] = [];
  const at = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  /** Where each job is. */
  const seen = new Map<string, Place>();

  const nameOf = (key: unknown): string => (yaml.isScalar(key) ? String(key.value) : '');

  for (const document of Array.isArray(documents) ? documents : []) {
    const { contents } = document;
    const broken = firstBroken(document, yaml.isMap(contents));
    if (broken !== null) {
      problems.push({ ...at(broken.offset), message: `${broken.message}; what follows it cannot be read` });
      break;
    }
    if (contents === null) continue;
    if (!yaml.isMap(contents)) {
      if (yaml.isScalar(contents) && contents.value === null) continue;
      problems.push({ ...at(startOf(contents)), message: NO_MAP });
      continue;
    }
    const jobKeys = contents.items.filter(({ key }) => !nameOf(key).startsWith('.'));
    const names = new Set(jobKeys.map(({ key }) => startOf(key)));
    for (const { pos } of document.errors) {
      if (!names.has(pos[0])) problems.push({ ...at(pos[0]), message: 'this field is there already' });
    }
    const values = plain(document, (message) => problems.push({ ...at(startOf(contents)), message }));
    for (const { key, value } of contents.items) {
      const name = nameOf(key);
      if (name.startsWith('.')) continue;
      const place = at(startOf(key));
      const before = seen.get(name);
      if (before !== undefined) {
        problems.push({ ...place, message: `${name} is there already, in line ${before.line}` });
        continue;
      }
      seen.set(name, place);
      const placeOf = (field: readonly (string | number)[]): Place => placeIn(document, [name, ...field], at) ?? place;
      jobs.push({ name, body: values[name] ?? (value === null ? null : undefined), placeOf });
    }
  }
  return { jobs, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

const NO_MAP = 'must be a map from names to jobs';

/**
 * Where the document cannot be read: only there is something to mend, for the parser takes each word after it for a fault
 * of its own. What begins with something else than a map, such as a stray line of words, is at fault itself.
 */
function firstBroken(
  { contents, errors }: Document.Parsed,
  isMap: boolean,
): { readonly offset: number; readonly message: string } | null {
  const [first] = errors.filter((error) => !isDoubleKey(error)).toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return null;
  const isStray = contents !== null && !isMap && startOf(contents) < first.pos[0];
  return isStray
    ? { offset: startOf(contents), message: NO_MAP }
    : { offset: first.pos[0], message: firstLine(first.message) };
}

/** No fault that hides others: the rest can be read. */
const isDoubleKey = ({ code }: YAMLError): boolean => code === 'DUPLICATE_KEY';

/** What the document says, as plain values. */
function plain(document: Document.Parsed, complain: (message: string) => void): Readonly<Record<string, unknown>> {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES }) as Readonly<Record<string, unknown>>;
  } catch (error) {
    complain(firstLine(error instanceof Error ? error.message : String(error)));
    return {};
  }
}

/** Of the field's name, where it can be found: what came by a merge stands elsewhere. */
function placeIn(
  document: Document.Parsed,
  path: readonly (string | number)[],
  at: (offset: number) => Place,
): Place | null {
  for (let length = path.length; length > 1; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range) return at(node.range[0]);
  }
  return null;
}

const startOf = (node: Pick<Node, 'range'> | null): number => node?.range?.[0] ?? 0;
const firstLine = (text: string): string => text.split('\n')[0] ?? text;
