/** Responses held against the OpenAPI document, as a client that knows nothing else would. */
import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';
import { COMMON_HEADERS } from '../../src/http/reply/reply.ts';
import { openApiDocument } from '../../src/http/routes/openapi-document.ts';
import { ROUTES } from '../../src/http/routes/table.ts';

export interface Response {
  readonly method: string;
  /** With its query, if it has one. Below whatever base path. */
  readonly path: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array | null;
}

interface ResponseObject {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, { readonly schema: AnySchema }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly required: boolean;
    readonly schema: AnySchema;
  }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: AnySchema }>>;
  };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly responses: Readonly<Record<string, ResponseObject>>;
    readonly headers: Readonly<Record<string, { readonly schema: AnySchema }>>;
  };
}

/** As it is served: what JSON cannot hold is gone. */
export const DOCUMENT = JSON.parse(JSON.stringify(openApiDocument(ROUTES, '0.0.0-test'))) as OpenApi;

/** Of HTTP itself, and of every response of ours. */
const UNDESCRIBED = new Set([
  ...Object.keys(COMMON_HEADERS).map((name) => name.toLowerCase()),
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
  'strict-transport-security',
]);

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const ajv = new Ajv2020({
  strict: false,
  allErrors: false,
  formats: { 'date-time': DATE_TIME, uuid: UUID, base64: BASE64 },
});
ajv.addSchema({ ...DOCUMENT, $id: 'openapi' });

const compiled = new Map<AnySchema, ValidateFunction>();

/** @returns what is wrong with the value, or null. */
export function faultOf(schema: AnySchema, value: unknown): string | null {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(rooted(schema));
    compiled.set(schema, validate);
  }
  return validate(value) ? null : ajv.errorsText(validate.errors);
}

/** References from outside the document lead into it. */
function rooted(schema: AnySchema): AnySchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/')) as AnySchema;
}

interface Found {
  readonly operation: Operation;
  /** False: there is more before the path, which may be a base path, or a mistake. */
  readonly exact: boolean;
}

/** The operation that a request is of; undefined for none. */
function operationOf(method: string, path: string): Found | undefined {
  const asked = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase();
  const [bare = ''] = path.split('?', 1);
  for (const { pattern, operations } of PATHS) {
    const operation = operations[asked];
    const match = operation && pattern.exec(bare);
    if (match) return { operation, exact: match.index === 0 };
  }
  return undefined;
}

const PATHS = Object.entries(DOCUMENT.paths)
  .map(([path, operations]) => ({ path, operations, pattern: new RegExp(`${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }))
  // `/api/jobs/bulk` before `/api/jobs/{ref}`.
  .toSorted((one, other) => Number(one.path.includes('{')) - Number(other.path.includes('{')));

/** @returns what the document does not say of this response, in a sentence; null when it says it all. */
export function undescribed(response: Response): string | null {
  const { method, path, status } = response;
  const found = operationOf(method, path);
  const essence = essenceOf(response);
  // The page's files are no part of the API.
  if (found === undefined && essence !== 'application/problem+json') return null;
  const own = found && [found.operation.responses[status]];
  const described = [...(own ?? []), ...(found?.exact === true ? [] : Object.values(DOCUMENT.components.responses))];
  const faults = described.map((object) => faultIn(object, response, essence));
  if (faults.includes(null)) return null;
  const said = response.body === null ? '' : Buffer.from(response.body).toString().slice(0, 2_000);
  return `${method} ${path} answered ${status} as the OpenAPI document does not say: ${faults[0]}\n${said}`;
}

function faultIn(object: ResponseObject | undefined, response: Response, essence: string): string | null {
  if (object === undefined) return 'no such status';
  if (object.$ref !== undefined) return faultIn(DOCUMENT.components.responses[nameIn(object.$ref)], response, essence);
  return headerFault(object, response) ?? bodyFault(object, response, essence);
}

const nameIn = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

function headerFault({ headers = {} }: ResponseObject, response: Response): string | null {
  const described = new Map(Object.entries(headers).map(([name, { $ref }]) => [name.toLowerCase(), nameIn($ref)]));
  for (const [name, value] of Object.entries(response.headers)) {
    if (UNDESCRIBED.has(name)) continue;
    const schema = DOCUMENT.components.headers[described.get(name) ?? '']?.schema;
    if (schema === undefined) return `no header ${name}`;
    const fault = faultOf(schema, value);
    if (fault !== null) return `header ${name}: ${fault}`;
  }
  return null;
}

function bodyFault({ content }: ResponseObject, response: Response, essence: string): string | null {
  const { body, method } = response;
  if (content === undefined) return body === null || body.length === 0 ? null : 'no body';
  const type = Object.keys(content).find((each) => each.split(';', 1)[0] === essence);
  if (type === undefined) return `no body of type ${essence}`;
  if (method === 'HEAD') return body === null || body.length === 0 ? null : 'no body of HEAD';
  // A stream's body is not for here.
  if (body === null || !essence.endsWith('json') || essence.endsWith('ndjson')) return null;
  return faultOf(content[type]?.schema ?? true, JSON.parse(Buffer.from(body).toString()));
}

function essenceOf({ headers }: Response): string {
  return String(headers['content-type'] ?? '').split(';', 1)[0] ?? '';
}
