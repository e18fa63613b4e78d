import { RejectError } from '@fastpay/protocol';
import type { z } from 'zod';

/** One operation of the REST face; the OpenAPI document is made from the same object that serves it. */
export interface Route {
  readonly method: 'get' | 'post';
  /** As OpenAPI writes it: `/v1/payments/{hash}`. */
  readonly path: string;
  readonly summary: string;
  readonly params: z.ZodObject | undefined;
  readonly query: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  readonly response: z.ZodType;
  /** Success statuses besides 200. */
  readonly otherStatuses: readonly number[];
  /** Parses its input by the schemas above. @throws RejectError, or ProblemError for what no reject code says. */
  answer(input: RouteInput): Promise<Answer>;
}

interface RouteInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** The caller's network address. */
  readonly client: string;
}

interface Answer<Body = unknown> {
  readonly body: Body;
  /** 200 when left out. */
  readonly status?: number;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** Ties the handler's types to the schemas. */
export function defineRoute<
  Response extends z.ZodType,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(definition: {
  readonly method: Route['method'];
  readonly path: string;
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly response: Response;
  readonly otherStatuses?: readonly number[];
  handle(input: {
    readonly params: Parsed<Params>;
    readonly query: Parsed<Query>;
    readonly body: Parsed<Body>;
    readonly client: string;
  }): Promise<Answer<z.input<Response>>>;
}): Route {
  const { handle, params, query, body, otherStatuses = [], ...rest } = definition;
  return {
    ...rest,
    params,
    query,
    body,
    otherStatuses,
    answer: async (input) =>
      await handle({
        params: parsed(params as Params, input.params),
        query: parsed(query as Query, input.query),
        body: parsed(body as Body, input.body),
        client: input.client,
      }),
  };
}

function parsed<Schema extends z.ZodType | undefined>(schema: Schema, value: unknown): Parsed<Schema> {
  if (!schema) return undefined as Parsed<Schema>;
  const result = schema.safeParse(value);
  if (result.success) return result.data as Parsed<Schema>;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.');
  throw new RejectError('INVALID_FORMAT', `${field ? `${field}: ` : ''}${issue?.message ?? 'has another form'}`);
}
