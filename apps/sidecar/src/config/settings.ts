import type { z } from 'zod';
import { configSchema } from './schema.ts';

/** One leaf of the configuration, as flags, environment and help text know it. */
export interface Setting {
  /** Dotted: `listen.port`. */
  readonly path: string;
  /** `--listen.port` */
  readonly flag: string;
  /** `FASTPAY_LISTEN_PORT` */
  readonly variable: string;
  /** How text from a flag or the environment becomes a value. */
  readonly kind: 'text' | 'number' | 'boolean' | 'list';
  /** Whether the value is a path, relative to the file it was written in. */
  readonly isPath: boolean;
  readonly description: string;
  /** Absent when the setting has to be given. */
  readonly fallback?: unknown;
}

export const ENVIRONMENT_PREFIX = 'FASTPAY_';

/** Every setting in the order of the schema. */
export const settings: readonly Setting[] = listSettings(configSchema, '');

function listSettings(schema: z.ZodType, path: string): Setting[] {
  const inner = unwrap(schema);
  if (inner.def.type === 'object') {
    const { shape } = inner as z.ZodObject<Record<string, z.ZodType>>;
    return Object.entries(shape).flatMap(([key, value]) => listSettings(value, path === '' ? key : `${path}.${key}`));
  }
  const fallback = schema.def.type === 'default' ? (schema as z.ZodDefault).def.defaultValue : undefined;
  return [
    {
      path,
      flag: `--${path}`,
      variable: variableOf(path),
      kind: kindOf(inner.def.type),
      isPath: inner.meta()?.path === true || schema.meta()?.path === true,
      description: schema.description ?? inner.description ?? '',
      ...(fallback === undefined ? {} : { fallback }),
    },
  ];
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema.def.type !== 'default' && schema.def.type !== 'prefault') return schema;
  return unwrap((schema as z.ZodDefault<z.ZodType> | z.ZodPrefault<z.ZodType>).def.innerType);
}

function kindOf(type: string): Setting['kind'] {
  if (type === 'number' || type === 'boolean') return type;
  return type === 'array' ? 'list' : 'text';
}

/** `chain.rpcUrl` becomes `FASTPAY_CHAIN_RPC_URL`. */
function variableOf(path: string): string {
  const words = path.replaceAll(/([a-z])([A-Z])/g, '$1_$2').replaceAll('.', '_');
  return `${ENVIRONMENT_PREFIX}${words.toUpperCase()}`;
}
