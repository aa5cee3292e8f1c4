//! How far two places lie apart. Whole numbers alone: a place is known to the millimetre, and no
//! rounding of one machine differs from another's.

use entity::measure::Coordinate;

/// A place: longitude and latitude.
pub type Place = (Coordinate, Coordinate);

/// Hundred-millionths of a degree in a degree.
const DEGREE: i128 = 100_000_000;
/// Metres of a degree along a meridian: of a sphere of 6,371,009 metres (the mean radius, IUGG).
const METRES: i128 = 111_195;
/// What fractions are counted in.
const ONE: i128 = 1_000_000_000;
/// A degree in radians, in billionths of billionths.
const RADIAN: i128 = 17_453_292_519_943_296;

/// The cosine of a latitude, in billionths, by its series: right to three hundred-thousandths.
fn cosine(latitude: i128) -> i128 {
    let angle = latitude * RADIAN / DEGREE / ONE;
    let square = angle * angle / ONE;
    let (mut term, mut sum) = (ONE, ONE);
    for n in [2, 12, 30, 56] {
        // 1·2, 3·4, 5·6, 7·8: what the next term is divided by
        term = -(term * square / ONE) / n;
        sum += term;
    }
    sum.max(0)
}

/// Metres between two places, as on the plane that touches the globe between them: right to one in a
/// thousand for places of one county. Across the date line it goes the short way.
pub fn metres((east, north): Place, (other_east, other_north): Place) -> i64 {
    let of = |coordinate: Coordinate| i128::from(coordinate.hundred_millionths());
    let turn = 360 * DEGREE;
    let across = (of(east) - of(other_east)).abs();
    let across = across.min(turn - across);
    let up = (of(north) - of(other_north)).abs();
    let across = across * cosine(i128::midpoint(of(north), of(other_north))) / ONE;
    // in millimetres, so that the root is right to one
    let legs = [across, up].map(|leg| (leg * METRES * 1_000 / DEGREE).unsigned_abs());
    let millimetres = (legs[0] * legs[0] + legs[1] * legs[1]).isqrt();
    i64::try_from(millimetres / 1_000).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(east: &str, north: &str) -> Place {
        (Coordinate::longitude(east).expect("east"), Coordinate::latitude(north).expect("north"))
    }

    #[test]
    fn known_distances_are_right_to_one_in_a_thousand() {
        // by the haversine of a sphere of 6,371,009 m, computed elsewhere
        let cases = [
            (("106.70722", "26.59820"), ("106.70722", "26.59820"), 0),
            (("106.70722", "26.59820"), ("106.70734", "26.59820"), 11),
            (("106.70722", "26.59820"), ("106.70722", "26.60000"), 200),
            (("106.0", "27.0"), ("107.0", "27.0"), 99_075),
            (("121.4737", "31.2304"), ("116.4074", "39.9042"), 1_067_300),
        ];
        for (one, other, known) in cases {
            let found = metres(place(one.0, one.1), place(other.0, other.1));
            let most = known / 500 + 1;
            assert!((found - known).abs() <= most, "{one:?} {other:?}: {found}, not {known}");
            assert_eq!(found, metres(place(other.0, other.1), place(one.0, one.1)));
        }
    }

    #[test]
    fn the_date_line_is_no_wall_and_the_poles_are_points() {
        assert!(metres(place("179.9999", "0"), place("-179.9999", "0")) < 30);
        assert!(metres(place("0", "90"), place("180", "90")) < 700);
        assert_eq!(cosine(0), ONE);
        assert!((cosine(60 * DEGREE) - ONE / 2).abs() < ONE / 10_000);
    }
}
