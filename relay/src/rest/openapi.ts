import { z } from 'zod';
import type { Route } from './route.ts';
import { problem } from './schemas.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of these routes. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const components: Json = {};
  const schemaOf = (schema: z.ZodType) => withComponents(schema, components);
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route, schemaOf) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'FastPay relay',
      version,
      description:
        'Hexadecimal has 0x; 64-bit numbers are decimal strings. Nothing that a relay says is proof: ' +
        'the signatures in certificates and statements are.',
    },
    paths,
    components: { schemas: components },
  };
}

function operation(route: Route, schemaOf: (schema: z.ZodType) => unknown): Json {
  const parameters = [...parametersIn('path', route.params, schemaOf), ...parametersIn('query', route.query, schemaOf)];
  const json = (schema: z.ZodType) => ({ 'application/json': { schema: schemaOf(schema) } });
  return {
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: { required: true, content: json(route.body) } } : {}),
    responses: {
      200: { description: 'Done', content: json(route.response) },
      ...Object.fromEntries(
        route.otherStatuses.map((status) => [status, { description: 'Taken on', content: json(route.response) }]),
      ),
      default: {
        description: 'What went wrong, what happened to the money, and what to do',
        content: { 'application/problem+json': { schema: schemaOf(problem) } },
      },
    },
  };
}

function parametersIn(
  where: 'path' | 'query',
  schema: z.ZodObject | undefined,
  schemaOf: (schema: z.ZodType) => unknown,
): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const type = field as z.ZodType;
    return {
      name,
      in: where,
      required: !type.safeParse(undefined).success,
      ...(type.description ? { description: type.description } : {}),
      schema: schemaOf(type),
    };
  });
}

/** The schema with every named part moved to the shared components. */
function withComponents(schema: z.ZodType, components: Json): Json {
  const { $defs, $schema, ...own } = z.toJSONSchema(schema, { io: 'input', reused: 'inline' }) as Json;
  const moved = (value: unknown) =>
    JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Json)) {
    components[name] = moved(definition);
  }
  const { id, ...rest } = moved(own);
  if (typeof id !== 'string') return rest;
  components[id] = rest;
  return { $ref: `#/components/schemas/${id}` };
}
