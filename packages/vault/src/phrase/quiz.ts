import { type RandomBytes, randomBelow, shuffled, systemRandom } from '../random.ts';
import { PHRASE_WORDS, type Phrase, wordsOf } from './phrase.ts';

/** One question of the confirmation quiz: which word stands at this place? */
export interface QuizQuestion {
  /** Counted from 0. */
  readonly position: number;
  /** The right word among others, in random order. */
  readonly choices: readonly string[];
}

export interface QuizAnswer {
  readonly position: number;
  readonly word: string;
}

/**
 * Asks for some words of a phrase that was just written down, in ascending order of place. Half of the wrong
 * choices come from the phrase itself, so that knowing the words without their order does not pass.
 */
export async function createQuiz(
  phrase: Phrase,
  options: { readonly questions?: number; readonly choices?: number } = {},
  random: RandomBytes = systemRandom,
): Promise<readonly QuizQuestion[]> {
  const { questions = 3, choices = 4 } = options;
  const { englishWords } = await import('./bip39.ts');
  const words = wordsOf(phrase);
  const positions = shuffled([...words.keys()], random)
    .slice(0, Math.min(questions, PHRASE_WORDS))
    .sort((left, right) => left - right);
  return positions.map((position) => {
    const right = words[position] ?? '';
    const others = shuffled(
      [...new Set(words)].filter((word) => word !== right),
      random,
    );
    const offered = new Set([right, ...others.slice(0, Math.floor((choices - 1) / 2))]);
    while (offered.size < choices) offered.add(englishWords[randomBelow(englishWords.length, random)] ?? right);
    return { position, choices: shuffled([...offered], random) };
  });
}

/** Whether every question was answered, and rightly. */
export function isQuizPassed(
  phrase: Phrase,
  questions: readonly QuizQuestion[],
  answers: readonly QuizAnswer[],
): boolean {
  const words = wordsOf(phrase);
  return questions.every(({ position }) =>
    answers.some((answer) => answer.position === position && wordsOf(answer.word)[0] === words[position]),
  );
}
