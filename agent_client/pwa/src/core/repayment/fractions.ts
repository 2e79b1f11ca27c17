/** Exact fractions of big integers, and the one rounding rule: half to even. */

/** `numerator / denominator`; the denominator is above zero. */
export interface Fraction {
  numerator: bigint;
  denominator: bigint;
}

export function fraction(numerator: bigint, denominator: bigint): Fraction {
  return { numerator, denominator };
}

export function times(left: Fraction, right: Fraction): Fraction {
  return { numerator: left.numerator * right.numerator, denominator: left.denominator * right.denominator };
}

/** The nearest integer, of two equally near the even one; for fractions that are not negative. */
export function roundHalfEven({ numerator, denominator }: Fraction): bigint {
  const whole = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator || (twice === denominator && whole % 2n === 1n)) return whole + 1n;
  return whole;
}
