/** The configuration does not stand; the message names each field, where it came from, and what is wrong. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
