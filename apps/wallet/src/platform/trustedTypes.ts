interface TrustedScriptUrlPolicy {
  createScriptURL(url: string): string;
}
interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedScriptUrlPolicy;
}

/**
 * Where the server requires Trusted Types, worker scripts are the one thing this wallet hands to a sink. The default
 * policy lets files of this origin through and nothing else; there is none for markup, which is never made from text.
 * A server that names its policies has to allow `default`.
 */
export function allowOwnWorkers(): void {
  const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;
  factory?.createPolicy('default', {
    createScriptURL(url) {
      if (new URL(url, location.href).origin !== location.origin) throw new TypeError('a script of another origin');
      return url;
    },
  });
}
