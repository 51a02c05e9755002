/** `GET /api/openapi.json`. */
import { openApiDocument, SERVER } from './openapi-document.ts';
import { json } from '../reply/reply.ts';
import { route, type Route } from './route.ts';
import { z } from 'zod';

/** @param routes all there are, this one among them. */
export function getOpenApi(routes: () => readonly Route[]): Route {
  let document: Readonly<Record<string, unknown>> | null = null;
  return route({
    method: 'GET',
    path: '/api/openapi.json',
    access: 'viewer',
    doc: {
      id: 'getOpenApi',
      tag: 'system',
      summary: 'This API, described in OpenAPI 3.1',
      responses: { 200: { description: 'The document.', schema: z.looseObject({}) } },
      errors: [],
    },
    handle: async ({ app }) => {
      document ??= openApiDocument(routes(), app.version);
      return json(200, { ...document, servers: [{ ...SERVER, url: `${app.basePath}/` }] });
    },
  });
}
