import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

/** A caller's network address, as limits count by it: of IPv6 the part that one caller cannot choose. */
export function clientAddress(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}
