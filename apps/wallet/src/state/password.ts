export interface PasswordStrength {
  /** 0 too short, 1 weak, 2 fair, 3 strong. */
  readonly level: 0 | 1 | 2 | 3;
  readonly hint: string;
}

export const LEAST_PASSWORD_LENGTH = 8;

const WEAK_BITS = 45;
const STRONG_BITS = 70;
const common = ['password', 'passwort', 'qwerty', 'qwertz', 'letmein', 'fastpay', 'wallet', 'bitcoin', 'iloveyou'];

/** A rough guess at how long a password lasts against someone who has the file: a hint, not a proof. */
export function passwordStrength(password: string): PasswordStrength {
  if (password.length < LEAST_PASSWORD_LENGTH) {
    return { level: 0, hint: `At least ${LEAST_PASSWORD_LENGTH} characters` };
  }
  const bits = entropyBits(password);
  if (bits < WEAK_BITS) return { level: 1, hint: 'Easy to guess: make it longer' };
  if (bits < STRONG_BITS) return { level: 2, hint: 'Good. A few more words make it strong' };
  return { level: 3, hint: 'Strong' };
}

function entropyBits(password: string): number {
  const alphabet =
    (/[a-z]/.test(password) ? 26 : 0) +
    (/[A-Z]/.test(password) ? 26 : 0) +
    (/\d/.test(password) ? 10 : 0) +
    (/[^a-zA-Z\d]/.test(password) ? 32 : 0);
  const lower = password.toLowerCase();
  // A well-known word, a repetition or a run such as 1234 or abcd adds next to nothing.
  const known = common.reduce((length, word) => length + (lower.includes(word) ? word.length - 1 : 0), 0);
  let predictable = 0;
  for (let index = 1; index < password.length; index++) {
    const step = password.charCodeAt(index) - password.charCodeAt(index - 1);
    if (Math.abs(step) <= 1) predictable++;
  }
  return Math.max(0, password.length - known - predictable) * Math.log2(alphabet || 1);
}
