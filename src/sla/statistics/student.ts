// Student's t distribution: how large a difference must be to be significant.

/**
 * Two-sided probability that |t| is at least this large when there is no difference.
 * By the regularised incomplete beta function I_x(df/2, 1/2) with x = df/(df+t²).
 * @param t the difference divided by its standard error
 * @param df degrees of freedom, > 0 (may be fractional)
 */
export function twoSidedProbability(t: number, df: number): number {
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(df / 2, 0.5, df / (df + t * t));
}

/** The t that is exceeded (in either direction) with this probability: 0.05 and 14 give 2.145. */
export function criticalT(probability: number, df: number): number {
  let low = 0;
  let high = 1;
  while (twoSidedProbability(high, df) > probability && high < 1e9) high *= 2;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (twoSidedProbability(middle, df) > probability) low = middle;
    else high = middle;
  }
  return high;
}

/** I_x(a, b) by Lentz's continued fraction (Numerical Recipes, 6.4), within about 1e-12. */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast on one side of the mean only; the other side is its mirror.
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(a, b, x)) / a
    : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

const TINY = 1e-300;

function betaFraction(a: number, b: number, x: number): number {
  const kept = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-13) break;
  }
  return fraction;
}

const LANCZOS = [
  76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2,
  -0.5395239384953e-5,
];

/** ln Γ(x) for x > 0, by Lanczos' approximation. */
function logGamma(x: number): number {
  const shifted = x + 5.5;
  let series = 1.000000000190015;
  for (const [index, coefficient] of LANCZOS.entries()) series += coefficient / (x + 1 + index);
  return (x + 0.5) * Math.log(shifted) - shifted + Math.log((2.5066282746310007 * series) / x);
}
