export type SealErrorCode = 'WRONG_PASSWORD' | 'DAMAGED' | 'UNKNOWN_VERSION' | 'SEAL_FAILED';

const meanings: Record<SealErrorCode, { readonly message: string; readonly action: string }> = {
  WRONG_PASSWORD: {
    message: 'The password does not open this wallet.',
    action: 'Try again. Without the password only the recovery phrase brings the wallet back.',
  },
  DAMAGED: {
    message: 'The stored wallet is damaged and cannot be opened with any password.',
    action: 'Restore from the recovery phrase or a backup. Money is safe as long as you have either.',
  },
  UNKNOWN_VERSION: {
    message: 'The stored wallet was written by a newer version of this app.',
    action: 'Update the app and open it again.',
  },
  SEAL_FAILED: {
    message: 'The wallet could not be stored safely: reading it back gave something else.',
    action: 'Nothing was replaced. Try again, or use another browser or device.',
  },
};

/** Why a sealed record did not open, or could not be made. Never carries the password or the secret. */
export class SealError extends Error {
  override readonly name = 'SealError';
  readonly code: SealErrorCode;

  constructor(code: SealErrorCode, options?: { readonly cause?: unknown }) {
    super(meanings[code].message, options);
    this.code = code;
  }

  get action(): string {
    return meanings[this.code].action;
  }
}
