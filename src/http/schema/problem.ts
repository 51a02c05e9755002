/** What is answered when something is wrong: RFC 9457, `application/problem+json`. */
import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../errors.ts';

const codes = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

export const fieldError = z
  .strictObject({
    field: z.string().describe("The field at fault, in the request's own spelling: `env.PATH`, `jobs[3].schedule`."),
    message: z.string().describe('What is wrong with it.'),
    hint: z.string().optional().describe('What to do about it.'),
  })
  .meta({ id: 'FieldError', description: 'One field that is not valid.' });
export type FieldError = z.infer<typeof fieldError>;

export const problem = z
  .strictObject({
    type: z.string().describe('`urn:jobsched:error:` and the code.'),
    title: z.string().describe('The same sentence for every problem of this code.'),
    status: z.int().min(400).max(599).describe('The HTTP status.'),
    code: z.enum(codes).describe('Stable; match on this.'),
    detail: z.string().describe('What happened, to what, and why.'),
    field: z.string().optional().describe('The first field at fault.'),
    hint: z.string().optional().describe('What to do about it.'),
    errors: z.array(fieldError).optional().describe('Every field at fault, when the request had several or one.'),
    request_id: z.string().describe("The request's, as in the `X-Request-Id` header and in the server's log."),
  })
  .meta({ id: 'Problem', description: 'Why the request was not carried out.' });
export type Problem = z.infer<typeof problem>;
