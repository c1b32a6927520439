//! The descent that fits all linear models: Adam on the full batch, the same on every run (Kingma and Ba, 2015).

/// How much of the mean slope, and of the mean square slope, each pass keeps.
const KEPT: f64 = 0.9;
const KEPT_SQUARE: f64 = 0.99;

/// How a model is fitted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Descent {
    /// Passes over the examples.
    pub passes: usize,
    /// Step of the first pass; it falls to nothing by the last.
    pub step: f64,
    /// Pull of weights towards zero.
    pub l2: f64,
}

impl Descent {
    /// Weights from zero down the slope that `gradient` writes for given weights; only the `wanted` ones move.
    pub(super) fn fit<const N: usize>(
        self,
        wanted: &[bool],
        mut gradient: impl FnMut(&[[f64; N]], &mut [[f64; N]]),
    ) -> Vec<[f64; N]> {
        let mut weights = vec![[0.0; N]; wanted.len()];
        let (mut means, mut squares) = (weights.clone(), weights.clone());
        let mut slopes = weights.clone();
        for pass in 1..=self.passes {
            slopes.fill([0.0; N]);
            gradient(&weights, &mut slopes);
            let rate = self.step * (1.0 - pass as f64 / (self.passes + 1) as f64);
            let (warm, warm_square) = (1.0 - KEPT.powi(pass as i32), 1.0 - KEPT_SQUARE.powi(pass as i32));
            for i in (0..wanted.len()).filter(|i| wanted[*i]) {
                for class in 0..N {
                    let slope = slopes[i][class] + self.l2 * weights[i][class];
                    means[i][class] = KEPT * means[i][class] + (1.0 - KEPT) * slope;
                    squares[i][class] = KEPT_SQUARE * squares[i][class] + (1.0 - KEPT_SQUARE) * slope * slope;
                    let scale = f64::sqrt(squares[i][class] / warm_square) + 1e-8;
                    weights[i][class] -= rate * (means[i][class] / warm) / scale;
                }
            }
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_the_lowest_point_of_those_that_may_move() {
        let descent = Descent { passes: 500, step: 0.1, l2: 0.0 };
        let fitted = descent.fit::<2>(&[true, false], |weights, slopes| {
            for (slope, weight) in slopes.iter_mut().zip(weights) {
                *slope = [2.0 * (weight[0] - 3.0), 2.0 * (weight[1] + 1.0)];
            }
        });
        assert!((fitted[0][0] - 3.0).abs() < 0.05 && (fitted[0][1] + 1.0).abs() < 0.05, "{fitted:?}");
        assert!(fitted[1].iter().all(|weight| weight.abs() < f64::EPSILON), "{fitted:?}");
    }
}
