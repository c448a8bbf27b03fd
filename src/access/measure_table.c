/* The one table of measures: what --explain prints, and from the same text the keys, their defaults
 * and the variants that measure_parse.c accepts. A default of "?" must be said, one of "" is none.
 * Formulas stand in docs/methods.md, 14 to 16; docs/measures.md is held against this table. */
#include <stdio.h>
#include <string.h>

#include "access/measures.h"

/* Keys that several measures share; WHERE: which zones' column. */
#define KEY_MASS "mass=population  column of what is reached; 1: each place counts once\n"
#define KEY_MASS2 "mass2=  second column: the mass is the root of the product, as in sqrt(P G)\n"
#define KEY_DEMAND "demand=population  column of those who want it; 1: each zone counts once\n"
#define KEY_DIRECTION                                                                              \
    "direction=active  active (from): what a zone reaches; passive (to): what reaches it\n"
#define KEY_SELF_TIME                                                                              \
    "self_time=as-is  of a zone to itself: as-is, none, fixed:MIN, radius:KMH (half the radius "   \
    "of "                                                                                          \
    "a circle of its area)\n"
#define KEY_WITH_SELF "self=yes  whether the zone itself counts\n" KEY_SELF_TIME
#define KEY_WITHOUT_SELF "self=no  whether the zone itself counts\n" KEY_SELF_TIME
#define KEY_AS "as=  name of the column, instead of its own\n"
#define KEY_DECAY                                                                                  \
    "decay=?  f, weight of a cost: none, binary:C, exponential:B, power:B, linear:C, "             \
    "logistic:C:SD, stepped:S=W:S=W, steps_to:K=W:K=W, gaussian:SIGMA, dai:C and those of other "  \
    "packages (docs/methods.md, 14)\n"
#define KEY_UNREACHABLE                                                                            \
    "unreachable=drop  what cannot be reached: drop (left out), infinite, cap:MIN (so many "       \
    "minutes; longer ones too)\n"
#define KEY_FLOOR "floor=0  minutes; shorter ones count as this\n"
#define KEY_MAX_COST                                                                               \
    "max_cost=  inclusive, besides the decay; below 0: nothing is within; none: no limit\n"
#define KEY_POPULATION "population=population  column of people; 1: each zone counts once\n"
#define KEY_GROUP "group=  text column of groups: parts between and within them\n"

#define EDGE_MISSING                                                                               \
    "a pair that is not in the table cannot be travelled; it is never zero minutes\n"
#define EDGE_ZERO_TIME "a time of 0 without a floor is refused, naming the pair\n"
#define EDGE_UNSERVED                                                                              \
    "supply that nobody with demand has within reach counts for nobody: statistic \"unserved\"\n"
#define EDGE_LEFT_OUT "zones without people or without a value are left out\n"
#define EDGE_CONSERVED "the sum of values times demand is the supply that is served\n"

#define CATCHMENT_KEYS KEY_MASS KEY_DEMAND KEY_DECAY KEY_MAX_COST KEY_DIRECTION KEY_WITH_SELF KEY_AS
#define CATCHMENT_LINE ", f = {decay}, S = {mass}, D = {demand}"

static const measure_entry entries[] = {
    /* ---- Times and potentials ---- */
    {{.name = "mean_time",
      .title = "weighted mean travel time",
      .title_zh = "加权平均旅行时间",
      .shape = HSD_MEASURE_ZONES,
      .formula = "A_i = sum_j t_ij M_j / sum_j M_j, j other than i",
      .unit = "min",
      .better = "less",
      .keys = KEY_MASS KEY_MASS2 KEY_UNREACHABLE KEY_DIRECTION KEY_WITHOUT_SELF KEY_AS,
      .edges = "a second column tells the share of the mass that cannot be reached\n"
               "nothing reached, or no mass: not a number\n" EDGE_MISSING,
      .reference = "Gutierrez, Gonzalez and Gomez 1996, Journal of Transport Geography 4(4), "
                   "227-238; with M = sqrt(P G) usual in Chinese studies",
      .function = "hsd_access_mean_time"},
     MEASURE_MEAN_TIME,
     "mean_time_{mass}",
     "mean minutes to the others, weighted by {mass}"},
    {{.name = "simple_mean_time",
      .title = "mean travel time, every place counting once",
      .title_zh = "平均旅行时间",
      .shape = HSD_MEASURE_ZONES,
      .formula = "A_i = sum_j t_ij / (n - 1), j other than i",
      .unit = "min",
      .better = "less",
      .keys = KEY_UNREACHABLE KEY_DIRECTION KEY_WITHOUT_SELF KEY_AS,
      .edges = "n counts the places that are reached where others are left out\n" EDGE_MISSING,
      .reference = "Ingram 1971, Regional Studies 5(2), 101-107 (integral accessibility)",
      .function = "hsd_access_mean_time"},
     MEASURE_SIMPLE_MEAN_TIME,
     "simple_mean_time",
     "mean minutes to the others"},
    {{.name = "coefficient",
      .title = "accessibility coefficient: a value over the mean of all zones",
      .title_zh = "可达性系数",
      .shape = HSD_MEASURE_ZONES,
      .formula = "a_i = A_i / ((1/n) sum_k A_k)",
      .unit = "ratio",
      .better = "",
      .keys = "of=mean_time  mean_time, simple_mean_time or potential\n" KEY_MASS KEY_MASS2
          KEY_UNREACHABLE "power=1  of potential: exponent of the time\n"
              "floor=0  of potential: minutes; shorter ones count as this\n" KEY_DIRECTION
              "self=no  whether the zone itself counts; of potential: yes\n" KEY_SELF_TIME KEY_AS,
      .edges = "relative: a zone whose own times stay as they are gets a worse coefficient when "
               "others gain\n"
               "of a time less than 1 is better than the mean, of potential more than 1\n"
               "values that are not finite are left out of the mean and stay as they are\n",
      .reference = "as usual in Chinese studies of regional accessibility",
      .function = "hsd_access_coefficient"},
     MEASURE_COEFFICIENT,
     "coefficient_{of}_{mass}",
     "{of} over its plain mean of all zones, M = {mass}"},
    {{.name = "potential",
      .title = "potential accessibility (economic potential)",
      .title_zh = "潜力模型",
      .shape = HSD_MEASURE_ZONES,
      .formula = "P_i = sum_j M_j / t_ij^a, i itself too; with decay=: sum_j M_j f(t_ij)",
      .unit = "mass per minute^a",
      .better = "more",
      .keys = KEY_MASS KEY_MASS2
      "power=1  a, exponent of the time\n" KEY_FLOOR
      "decay=  instead of the power: exponential:0.005 ...\n" KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .edges =
          "the plain power: not capped at 1 below one minute, unlike decay=power:a\n"
          "the zone itself can outweigh all others where its own time is short\n" EDGE_ZERO_TIME
              EDGE_MISSING,
      .reference = "Hansen 1959, Journal of the American Institute of Planners 25(2), 73-76; "
                   "Gutierrez 2001, Journal of Transport Geography 9(4), 229-242",
      .function = "hsd_access_potential"},
     MEASURE_POTENTIAL,
     "potential_{mass}_{power}",
     "sum of {mass} / t^{power}, t at least {floor}"},
    {{.name = "gravity",
      .title = "gravity accessibility with any decay",
      .title_zh = "重力型可达性",
      .shape = HSD_MEASURE_ZONES,
      .formula = "A_i = sum_j M_j f(max(t_ij, floor))",
      .unit = "mass",
      .better = "more",
      .keys = KEY_MASS KEY_MASS2 KEY_DECAY KEY_FLOOR KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .edges = "decay=stepped jumps at the step, f(S1) = W1 (R); steps_to counts the step itself "
               "still inside (PySAL)\n" EDGE_MISSING,
      .reference = "Hansen 1959, Journal of the American Institute of Planners 25(2), 73-76",
      .function = "hsd_access_gravity"},
     MEASURE_GRAVITY,
     "gravity_{mass}",
     "sum of {mass} f(t), f = {decay}, t at least {floor}"},

    /* ---- Cumulative opportunities ---- */
    {{.name = "daily",
      .title = "daily accessibility: mass within a day's return trip",
      .title_zh = "日常可达性",
      .shape = HSD_MEASURE_ZONES,
      .formula = "DA_i = sum_j M_j [t_ij <= c]",
      .unit = "mass",
      .better = "more",
      .keys = KEY_MASS KEY_MASS2
      "cutoff=240  c, minutes, inclusive; 60:120:180 makes three measures\n" KEY_DIRECTION
          KEY_WITH_SELF KEY_AS,
      .edges = "the cut-off itself is inside\n" EDGE_MISSING,
      .reference = "Gutierrez 2001, Journal of Transport Geography 9(4), 229-242; c of 60, 120 and "
                   "180 for the Chinese 1-2-3 hour circles",
      .function = "hsd_access_cumulative"},
     MEASURE_CUMULATIVE,
     "daily_{mass}_{cutoff}",
     "sum of {mass} within {cutoff} min"},
    {{.name = "cumulative",
      .title = "cumulative opportunities",
      .title_zh = "累积机会",
      .shape = HSD_MEASURE_ZONES,
      .formula = "A_i = sum_j M_j [every cost of i to j <= its cut-off]",
      .unit = "mass",
      .better = "more",
      .keys = KEY_MASS KEY_MASS2
      "cutoff=?  of the first cost, inclusive; 30:45:60 makes three measures\n"
      "cutoff2=  of the second cost; none: no limit\n"
      "cutoff3=  of the third\n"
      "cutoff4=  of the fourth\n" KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .edges = "the cut-off itself is inside\n"
               "a target with several ways within the cut-offs counts once\n" EDGE_MISSING,
      .reference = "Wachs and Kumagai 1973, Socio-Economic Planning Sciences 7(5), 437-456; as R's "
                   "accessibility",
      .function = "hsd_access_cumulative"},
     MEASURE_CUMULATIVE,
     "cumulative_{mass}_{cutoff}",
     "sum of {mass} within {cutoff}"},
    {{.name = "cumulative_interval",
      .title = "cumulative opportunities over an interval of cut-offs",
      .title_zh = "区间累积机会",
      .shape = HSD_MEASURE_ZONES,
      .formula = "summary of A_i(c), c = from, from + step ... <= to",
      .unit = "mass",
      .better = "more",
      .keys = KEY_MASS KEY_MASS2 "from=?  first cut-off\n"
                                 "to=?  last cut-off, more than the first, inclusive\n"
                                 "step=1  between cut-offs\n"
                                 "summary=median  median, mean, min or max\n"
                                 "whole=  yes: cut to a whole number; none: as the variant does\n"
                                 "variant=exact  see below\n" KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .variants = "exact  as it is\n"
                  "r  cut to a whole number, as R's accessibility (512.8 is 512)\n",
      .edges = "the median of an even number of cut-offs is the mean of the middle two\n"
               "cut-offs are k steps, not added up\n" EDGE_MISSING,
      .reference = "Tomasiello, Herszenhut, Oliveira, Braga and Pereira 2023, Applied Geography "
                   "157, 103007",
      .function = "hsd_access_interval"},
     MEASURE_INTERVAL,
     "interval_{mass}_{from}_{to}_{summary}",
     "{summary} over cut-offs {from} to {to} by {step} of the sum of {mass}"},
    {{.name = "closest",
      .title = "time to the closest n opportunities",
      .title_zh = "最近机会时间",
      .shape = HSD_MEASURE_ZONES,
      .formula = "A_i = the least c with sum_j M_j [t_ij <= c] >= n",
      .unit = "min",
      .better = "less",
      .keys = KEY_MASS KEY_MASS2
      "n=1  opportunities, not places; 1:3 makes two measures\n" KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .edges = "fewer than n within reach: infinite\n" EDGE_MISSING,
      .reference = "as R's accessibility, cost_to_closest",
      .function = "hsd_access_closest"},
     MEASURE_CLOSEST,
     "closest_{mass}_{n}",
     "time to the closest {n} of {mass}"},
    {{.name = "balancing_cost",
      .title = "balancing time: when opportunities equal one's own demand",
      .title_zh = "平衡时间",
      .shape = HSD_MEASURE_ZONES,
      .formula = "the least c = k step with sum_j M_j [t_ij <= c] >= D_i; r: more than D_i",
      .unit = "min",
      .better = "less",
      .keys =
          KEY_MASS KEY_DEMAND "step=1  of c\n"
                              "variant=textbook  see below\n" KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .variants =
          "textbook  as many opportunities as demand\n"
          "r  strictly more, and no c beyond the longest time of the table, as R's accessibility "
          "computes\n",
      .edges = "no demand: 0\nnever as many: not a number\n" EDGE_MISSING,
      .reference = "Barboza, Carneiro, Falavigna, Luz and Orrico 2021, Journal of Transport "
                   "Geography 90, 102924",
      .function = "hsd_access_balancing"},
     MEASURE_BALANCING,
     "balancing_{mass}",
     "least time at which {mass} match {demand}, by {step}"},

    /* ---- Competition ---- */
    {{.name = "2sfca",
      .title = "two-step floating catchment area",
      .title_zh = "两步移动搜索法",
      .shape = HSD_MEASURE_ZONES,
      .formula = "R_j = S_j / sum_k D_k f(t_kj); A_i = sum_j R_j f(t_ij)",
      .unit = "supply per demand",
      .better = "more",
      .keys = CATCHMENT_KEYS,
      .edges = EDGE_CONSERVED EDGE_UNSERVED EDGE_MISSING,
      .reference = "Luo and Wang 2003, Environment and Planning B 30(6), 865-884",
      .function = "hsd_access_catchment"},
     MEASURE_2SFCA,
     "2sfca_{mass}",
     "R = S / sum D f, A = sum R f" CATCHMENT_LINE},
    {{.name = "e2sfca",
      .title = "enhanced two-step floating catchment area",
      .title_zh = "增强两步移动搜索法",
      .shape = HSD_MEASURE_ZONES,
      .formula = "as 2sfca, f a weight a zone of time: 1 to 10 min, 0.68 to 20, 0.22 to 30, then 0",
      .unit = "supply per demand",
      .better = "more",
      .keys = KEY_MASS KEY_DEMAND
      "decay=steps_to:10=1:20=0.68:30=0.22  any decay; the default is the slow one, each step "
      "itself still inside\n" KEY_MAX_COST KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .edges =
          "the sharp weights are decay=steps_to:10=1:20=0.42:30=0.09\n" EDGE_CONSERVED EDGE_UNSERVED
              EDGE_MISSING,
      .reference = "Luo and Qi 2009, Health & Place 15(4), 1100-1107",
      .function = "hsd_access_catchment"},
     MEASURE_2SFCA,
     "e2sfca_{mass}",
     "R = S / sum D f, A = sum R f" CATCHMENT_LINE},
    {{.name = "3sfca",
      .title = "three-step floating catchment area",
      .title_zh = "三步移动搜索法",
      .shape = HSD_MEASURE_ZONES,
      .formula = "G_ij = f_ij / sum_j f_ij; R_j = S_j / sum_k G_kj D_k f_kj; A_i = sum_j G_ij R_j "
                 "f_ij",
      .unit = "supply per demand",
      .better = "more",
      .keys = KEY_MASS KEY_DEMAND KEY_DECAY KEY_MAX_COST
      "variant=textbook  see below\n" KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .variants = "textbook  the chance of choosing a target is over those within max_cost\n"
                  "pysal  over all targets, also those beyond max_cost, as PySAL access\n",
      .edges = "the variants are one without max_cost\n" EDGE_CONSERVED EDGE_UNSERVED EDGE_MISSING,
      .reference = "Wan, Zou and Sternberg 2012, International Journal of Geographical Information "
                   "Science 26(6), 1073-1089",
      .function = "hsd_access_catchment"},
     MEASURE_3SFCA,
     "3sfca_{mass}",
     "G = f / sum f, R = S / sum G D f, A = sum G R f" CATCHMENT_LINE},
    {{.name = "m2sfca",
      .title = "modified two-step floating catchment area",
      .title_zh = "修正两步移动搜索法",
      .shape = HSD_MEASURE_ZONES,
      .formula = "R_j = S_j / sum_k D_k f_kj; A_i = sum_j R_j f_ij^2",
      .unit = "supply per demand",
      .better = "more",
      .keys = CATCHMENT_KEYS,
      .edges = "not conserved: supply that lies badly is partly lost\n" EDGE_UNSERVED EDGE_MISSING,
      .reference = "Delamater 2013, Health & Place 24, 30-43",
      .function = "hsd_access_catchment"},
     MEASURE_M2SFCA,
     "m2sfca_{mass}",
     "R = S / sum D f, A = sum R f^2" CATCHMENT_LINE},
    {{.name = "mh3sfca",
      .title = "modified Huff three-step floating catchment area",
      .title_zh = "改进哈夫三步移动搜索法",
      .shape = HSD_MEASURE_ZONES,
      .formula = "H_ij = S_j f_ij / sum_j S_j f_ij; R_j = S_j / sum_k D_k H_kj; A_i = sum_j H_ij "
                 "R_j f_ij",
      .unit = "supply per demand",
      .better = "more",
      .keys = CATCHMENT_KEYS,
      .edges = EDGE_UNSERVED EDGE_MISSING,
      .reference = "Joerg, Lenz, Wetz and Widmer 2019, Obsan Bericht 01/2019; as R's fca",
      .function = "hsd_access_catchment"},
     MEASURE_MH3SFCA,
     "mh3sfca_{mass}",
     "H = S f / sum S f, R = S / sum D H, A = sum H R f" CATCHMENT_LINE},
    {{.name = "bfca",
      .title = "balanced floating catchment area",
      .title_zh = "平衡移动搜索法",
      .shape = HSD_MEASURE_ZONES,
      .formula = "R_j = S_j / sum_i D_i (f_ij / sum_j f_ij); A_i = sum_j R_j (f_ij / sum_i f_ij)",
      .unit = "supply per demand",
      .better = "more",
      .keys = CATCHMENT_KEYS,
      .edges = EDGE_UNSERVED EDGE_MISSING,
      .reference = "Paez, Higgins and Vivona 2019, PLoS ONE 14(6), e0218773",
      .function = "hsd_access_catchment"},
     MEASURE_BFCA,
     "bfca_{mass}",
     "R = S / sum D f/row, A = sum R f/column" CATCHMENT_LINE},
    {{.name = "i2sfca",
      .title = "inverted two-step floating catchment area: crowdedness of what is reached",
      .title_zh = "反向两步移动搜索法",
      .shape = HSD_MEASURE_ZONES,
      .formula = "C_j = sum_i D_i f_ij / sum_l S_l f_il",
      .unit = "demand per supply",
      .better = "less",
      .keys = CATCHMENT_KEYS,
      .edges = "values are of the targets (passive: of the origins)\n" EDGE_MISSING,
      .reference = "Wang 2018, The Professional Geographer 70(2), 251-260",
      .function = "hsd_access_catchment"},
     MEASURE_I2SFCA,
     "i2sfca_{mass}",
     "C = sum D f / sum S f" CATCHMENT_LINE},
    {{.name = "availability",
      .title = "spatial availability: opportunities shared out without rest",
      .title_zh = "空间可用性",
      .shape = HSD_MEASURE_ZONES,
      .formula = "F_ij = D_i^alpha f_ij/sum_i f_ij, over its sum for j; V_i = sum_j O_j F_ij",
      .unit = "mass",
      .better = "more",
      .keys = KEY_MASS KEY_DEMAND KEY_DECAY
      "alpha=1  exponent of demand\n"
      "variant=textbook  see below\n" KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .variants = "textbook  what only zones without demand reach is shared by nobody: statistic "
                  "\"unserved\"\n"
                  "r  those zones are not a number, as in R's accessibility\n",
      .edges = "values sum to the opportunities that are reached\n" EDGE_MISSING,
      .reference = "Soukhov, Paez, Higgins and Mohamed 2023, PLoS ONE 18(1), e0278468",
      .function = "hsd_access_availability"},
     MEASURE_AVAILABILITY,
     "availability_{mass}",
     "{mass} shared out by {demand}^{alpha} and f = {decay}"},
    {{.name = "constrained_total",
      .title = "totally constrained accessibility",
      .title_zh = "总量约束可达性",
      .shape = HSD_MEASURE_ZONES,
      .formula = "V_i = T sum_j O_j f_ij / sum_ij O_j f_ij",
      .unit = "mass",
      .better = "more",
      .keys = KEY_MASS KEY_DECAY
      "total=  T; none: the sum of masses\n" KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .edges = "values sum to T\n" EDGE_MISSING,
      .reference = "Soukhov, Pereira, Higgins and Paez 2025, doi:10.31219/osf.io/a9dxb_v1, after "
                   "Wilson 1971, Environment and Planning A 3(1), 1-32; as R's accessibility",
      .function = "hsd_access_constrained"},
     MEASURE_CONSTRAINED_TOTAL,
     "constrained_total_{mass}",
     "a total ({total}) of {mass} shared out by sum O f, f = {decay}"},
    {{.name = "constrained_singly",
      .title = "singly constrained accessibility",
      .title_zh = "单约束可达性",
      .shape = HSD_MEASURE_ZONES,
      .formula = "V_i = sum_j O_j D_i f_ij / sum_k D_k f_kj",
      .unit = "mass",
      .better = "more",
      .keys = KEY_MASS KEY_DEMAND KEY_DECAY KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .edges = "values sum to the opportunities that somebody with demand reaches\n" EDGE_UNSERVED
          EDGE_MISSING,
      .reference = "Soukhov, Pereira, Higgins and Paez 2025, doi:10.31219/osf.io/a9dxb_v1, after "
                   "Wilson 1971, Environment and Planning A 3(1), 1-32; as R's accessibility",
      .function = "hsd_access_constrained"},
     MEASURE_CONSTRAINED_SINGLY,
     "constrained_singly_{mass}",
     "{mass} shared out by D f, D = {demand}, f = {decay}"},

    /* ---- Straight lines beside times ---- */
    {{.name = "network_efficiency",
      .title = "network efficiency: times over those of a straight line",
      .title_zh = "网络效率",
      .shape = HSD_MEASURE_ZONES,
      .formula = "E_i = sum_j (t_ij / t*_ij) M_j / sum_j M_j, t* = geodesic / ideal_kmh",
      .unit = "ratio",
      .better = "less",
      .keys = KEY_MASS KEY_MASS2
      "ideal_kmh=?  speed of the ideal, e.g. 130 of the fastest road, 350 of rail\n" KEY_DIRECTION
          KEY_AS,
      .edges = "the zone itself, and places less than a metre apart, are left out\n"
               "below 1 where something is faster than the ideal\n" EDGE_MISSING,
      .reference = "Gutierrez, Monzon and Pinero 1998, Environment and Planning A 30(8), 1337-1350",
      .function = "hsd_access_efficiency"},
     MEASURE_EFFICIENCY,
     "efficiency_{mass}",
     "times over straight lines at {ideal_kmh} km/h, weighted by {mass}; the zone itself and what "
     "cannot be reached left out"},
    {{.name = "transport_performance",
      .title = "transport performance: who is reached of those who are near",
      .title_zh = "交通绩效",
      .shape = HSD_MEASURE_ZONES,
      .formula = "100 sum_j M_j [t_ij <= cutoff] / sum_j M_j [d_ij <= radius]",
      .unit = "per cent",
      .better = "more",
      .keys = KEY_MASS KEY_MASS2
      "cutoff=90  minutes, inclusive\n"
      "radius=120  km, geodesic, inclusive\n" KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .edges = "a second column tells the lower part, the proximity\n"
               "can be more than 100\nnobody near: not a number\n" EDGE_MISSING,
      .reference = "Dijkstra, Poelman and Ackermans 2019, European Commission, Regional and Urban "
                   "Policy working paper 01/2019",
      .function = "hsd_access_performance"},
     MEASURE_PERFORMANCE,
     "performance_{mass}_{cutoff}_{radius}",
     "100 times {mass} within {cutoff} min over {mass} within {radius} km"},

    /* ---- Interaction and hinterland ---- */
    {{.name = "linkage_total",
      .title = "total of gravity linkages of a city",
      .title_zh = "经济联系总量",
      .shape = HSD_MEASURE_ZONES,
      .formula = "R_i = sum_j k m_i m_j / t_ij^b, j other than i; m = mass, or sqrt(mass mass2)",
      .unit = "mass^2 per minute^b",
      .better = "more",
      .keys = KEY_MASS KEY_MASS2 "k=1  factor\n"
                                 "exponent=2  b\n" KEY_DIRECTION KEY_AS,
      .edges = "statistic \"sum\": of all zones; \"sum_once\": half of it, each pair counted "
               "once\n" EDGE_ZERO_TIME EDGE_MISSING,
      .reference =
          "Stewart 1948, Sociometry 11(1/2), 31-58; with sqrt(P G) usual in Chinese studies",
      .function = "hsd_access_linkage"},
     MEASURE_LINKAGE_TOTAL,
     "linkage_{mass}_{exponent}",
     "sum of {k} m m / t^{exponent}, m = {mass}; the zone itself left out"},
    {{.name = "field",
      .title = "field strength, and the hinterland it gives",
      .title_zh = "场强",
      .shape = HSD_MEASURE_ZONES,
      .formula = "F_i = max_k Z_k / max(t_ik, floor)^a; the hinterland is of the k that has it",
      .unit = "mass per minute^a",
      .better = "more",
      .keys = KEY_MASS KEY_MASS2
      "exponent=1  a; 1 to 2 is usual\n" KEY_FLOOR KEY_DIRECTION KEY_WITH_SELF KEY_AS,
      .edges = "of equal fields the first target's counts\n"
               "nothing reached: no hinterland\n" EDGE_ZERO_TIME EDGE_MISSING,
      .reference = "as usual in Chinese studies of hinterlands (the greatest field strength)",
      .function = "hsd_access_field"},
     MEASURE_FIELD,
     "field_{mass}_{exponent}",
     "greatest {mass} / t^{exponent}, t at least {floor}; of equal ones the first target's"},
    {{.name = "linkage",
      .title = "gravity linkage of two cities",
      .title_zh = "经济联系强度",
      .shape = HSD_MEASURE_PAIRS,
      .formula = "R_ij = k m_i m_j / t_ij^b; m = mass, or sqrt(mass mass2)",
      .unit = "mass^2 per minute^b",
      .better = "more",
      .keys = KEY_MASS KEY_MASS2 "k=1  factor\n"
                                 "exponent=2  b\n" KEY_AS,
      .edges = "a zone with itself: 0\n" EDGE_ZERO_TIME EDGE_MISSING,
      .reference =
          "Stewart 1948, Sociometry 11(1/2), 31-58; with sqrt(P G) usual in Chinese studies",
      .function = "hsd_access_linkage"},
     MEASURE_LINKAGE,
     "linkage_{mass}_{exponent}",
     "{k} m m / t^{exponent}, m = {mass}; the zone itself left out"},
    {{.name = "huff",
      .title = "Huff's probability of choosing a place",
      .title_zh = "哈夫模型",
      .shape = HSD_MEASURE_PAIRS,
      .formula = "p_ij = S_j^a t_ij^-b / sum_m S_m^a t_im^-b",
      .unit = "share",
      .better = "",
      .keys = KEY_MASS KEY_MASS2 "a=1  exponent of the mass\n"
                                 "b=2  exponent of the time\n" KEY_FLOOR
                                 "self=yes  whether the zone itself can be chosen\n" KEY_AS,
      .edges = "shares of an origin sum to 1\n" EDGE_ZERO_TIME EDGE_MISSING,
      .reference = "Huff 1963, Land Economics 39(1), 81-90",
      .function = "hsd_access_huff"},
     MEASURE_HUFF,
     "huff_{mass}",
     "share of {mass}^{a} / t^{b}, t at least {floor}"},
    {{.name = "breakpoint",
      .title = "where the border of two trade areas lies, from the first",
      .title_zh = "断裂点",
      .shape = HSD_MEASURE_PAIRS,
      .formula = "x_ij = t_ij / (1 + sqrt(M_j / M_i))",
      .unit = "min",
      .better = "",
      .keys = KEY_MASS KEY_MASS2 KEY_AS,
      .edges = "equal masses: the middle\na zone with itself, or without mass: not a number\n",
      .reference = "Reilly 1931; Converse 1949, Journal of Marketing 14(3), 379-384",
      .function = "hsd_access_breakpoint"},
     MEASURE_BREAKPOINT,
     "breakpoint_{mass}",
     "t / (1 + sqrt(M_j / M_i)), M = {mass}"},
    {{.name = "doubly",
      .title = "doubly constrained flows",
      .title_zh = "双约束重力模型",
      .shape = HSD_MEASURE_PAIRS,
      .formula = "V_ij = A_i B_j D_i O_j f_ij, rows summing to D, columns to O",
      .unit = "mass",
      .better = "",
      .keys = KEY_MASS KEY_DEMAND KEY_DECAY
      "tolerance=  ends when no row or column is off by more; none: 1e-9 of the total\n"
      "self=yes  whether a zone has flows with itself\n" KEY_AS,
      .edges = "the totals of mass and demand must agree to 1e-6 of theirs\n" EDGE_MISSING,
      .reference = "Wilson 1971, Environment and Planning A 3(1), 1-32",
      .function = "hsd_access_doubly"},
     MEASURE_DOUBLY,
     "doubly_{mass}",
     "flows balanced to D = {demand} and O = {mass}, f = {decay}"},

    /* ---- Inequality ---- */
    {{.name = "mean",
      .title = "mean over people",
      .title_zh = "加权平均值",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "mu = sum_i w_i x_i / sum_i w_i",
      .unit = "as the values",
      .better = "",
      .keys = KEY_POPULATION "group=  text column of groups: the mean of each, too\n" KEY_AS,
      .edges = EDGE_LEFT_OUT,
      .reference = "the plain weighted mean",
      .function = "hsd_weighted_mean"},
     MEASURE_MEAN,
     "mean",
     "mean over {population}, groups {group}"},
    {{.name = "gini",
      .title = "Gini index",
      .title_zh = "基尼系数",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "G = 1 - sum_i (L_i-1 + L_i) p_i, L the Lorenz curve by x",
      .unit = "0 to 1",
      .better = "less",
      .keys = KEY_POPULATION KEY_AS,
      .edges = EDGE_LEFT_OUT "equal values: 0\nall values 0: not a number\n",
      .reference = "Gini 1912; trapezoids, no correction for small samples, as R's accessibility",
      .function = "hsd_gini"},
     MEASURE_GINI,
     "gini",
     "Gini over {population}"},
    {{.name = "palma",
      .title = "Palma ratio: of the richest tenth to the poorest four tenths",
      .title_zh = "帕尔马比值",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "x of income > q90 over x of income <= q40",
      .unit = "ratio",
      .better = "",
      .keys = KEY_POPULATION "income=?  column of incomes\n"
                             "variant=r  see below\n" KEY_AS,
      .variants = "r  means of the two groups, as R's accessibility\n"
                  "shares  sums: the shares of the two groups, as Palma of incomes\n",
      .edges = "quantiles of income are over all zones, also those without a value\n"
               "a group without people: not a number\n",
      .reference = "Palma 2011, Development and Change 42(1), 87-153; quantiles as Hmisc",
      .function = "hsd_palma"},
     MEASURE_PALMA,
     "palma",
     "Palma by {income} over {population}"},
    {{.name = "theil_t",
      .title = "Theil T",
      .title_zh = "泰尔指数 T",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "T = sum_i p_i (x_i/mu) ln(x_i/mu) = between + within groups",
      .unit = ">= 0",
      .better = "less",
      .keys = KEY_POPULATION KEY_GROUP "variant=textbook  see below\n" KEY_AS,
      .variants = "textbook  a value of 0 adds 0 and keeps its people\n"
                  "r  zones with a value of 0 leave the weights too, as R's accessibility\n",
      .edges = EDGE_LEFT_OUT "zones without a group are left out where there are groups\n",
      .reference = "Theil 1967, Economics and Information Theory",
      .function = "hsd_theil_t"},
     MEASURE_THEIL_T,
     "theil_t",
     "Theil T over {population}, groups {group}"},
    {{.name = "theil_l",
      .title = "Theil L (mean log deviation)",
      .title_zh = "泰尔指数 L",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "L = sum_i p_i ln(mu/x_i) = between + within groups",
      .unit = ">= 0",
      .better = "less",
      .keys = KEY_POPULATION KEY_GROUP KEY_AS,
      .edges = EDGE_LEFT_OUT "somebody with a value of 0: not a number\n",
      .reference = "Theil 1967, Economics and Information Theory",
      .function = "hsd_theil_l"},
     MEASURE_THEIL_L,
     "theil_l",
     "Theil L over {population}, groups {group}"},
    {{.name = "concentration",
      .title = "concentration index by income",
      .title_zh = "集中指数",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "C = 2 sum_i (R_i - 1/2) (x_i - mu) p_i / mu, R the rank by income",
      .unit = "-1 to 1",
      .better = "",
      .keys = KEY_POPULATION "income=?  column of incomes\n"
                             "variant=textbook  see below\n" KEY_AS,
      .variants = "textbook  ties of income share their mean rank\n"
                  "r  ties rank as they come, as in R's accessibility\n",
      .edges = EDGE_LEFT_OUT "below 0: the poor have more of it\n",
      .reference =
          "Wagstaff, Paci and van Doorslaer 1991, Social Science & Medicine 33(5), 545-557",
      .function = "hsd_concentration"},
     MEASURE_CONCENTRATION,
     "concentration",
     "concentration by {income} over {population}"},
    {{.name = "concentration_corrected",
      .title = "corrected concentration index",
      .title_zh = "修正集中指数",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "4 mu / (max x - min x) times the concentration index",
      .unit = "-1 to 1",
      .better = "",
      .keys = KEY_POPULATION "income=?  column of incomes\n"
                             "variant=textbook  see below\n" KEY_AS,
      .variants = "textbook  ties of income share their mean rank\n"
                  "r  ties rank as they come, as in R's accessibility\n",
      .edges = "the greatest and the least value are of all zones, also those without people\n",
      .reference = "Erreygers 2009, Journal of Health Economics 28(2), 504-515",
      .function = "hsd_concentration"},
     MEASURE_CONCENTRATION_CORRECTED,
     "concentration_corrected",
     "corrected concentration by {income} over {population}"},
    {{.name = "cv",
      .title = "coefficient of variation",
      .title_zh = "变异系数",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "sqrt(sum_i p_i (x_i - mu)^2) / mu; sample: over n - 1",
      .unit = "ratio",
      .better = "less",
      .keys = KEY_POPULATION "sample=no  yes: divided by n - 1 instead of n\n" KEY_AS,
      .edges = EDGE_LEFT_OUT "a mean of 0: not a number\n",
      .reference = "Lopez, Gutierrez and Gomez 2008, European Planning Studies 16(2), 277-301",
      .function = "hsd_cv"},
     MEASURE_CV,
     "cv",
     "CV over {population}, sample: {sample}"},
    {{.name = "fgt",
      .title = "poverty of access (Foster, Greer and Thorbecke)",
      .title_zh = "FGT 贫困指数",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "FGT_a = sum_i p_i ((z - x_i)/z)^a [x_i < z]",
      .unit = "0 to 1",
      .better = "less",
      .keys =
          KEY_POPULATION "line=?  z, the poverty line; a value on it is not poor\n"
                         "alpha=1  a: 0 share of the poor, 1 gap, 2 severity; 0:1:2 makes three "
                         "measures\n" KEY_AS,
      .edges = EDGE_LEFT_OUT,
      .reference = "Foster, Greer and Thorbecke 1984, Econometrica 52(3), 761-766",
      .function = "hsd_fgt"},
     MEASURE_FGT,
     "fgt_{alpha}",
     "FGT {alpha} below {line} over {population}"},
    {{.name = "atkinson",
      .title = "Atkinson index",
      .title_zh = "阿特金森指数",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "1 - (sum_i p_i x_i^(1-e))^(1/(1-e)) / mu; e = 1: 1 - exp(sum_i p_i ln x_i) / mu",
      .unit = "0 to 1",
      .better = "less",
      .keys = KEY_POPULATION "epsilon=0.5  e, aversion to inequality; 0.5:1:2 makes three\n" KEY_AS,
      .edges = EDGE_LEFT_OUT,
      .reference = "Atkinson 1970, Journal of Economic Theory 2(3), 244-263",
      .function = "hsd_atkinson"},
     MEASURE_ATKINSON,
     "atkinson_{epsilon}",
     "Atkinson {epsilon} over {population}"},
    {{.name = "quantile_ratio",
      .title = "ratio of two quantiles",
      .title_zh = "分位数比",
      .shape = HSD_MEASURE_INEQUALITY,
      .formula = "x at p per cent of the people over x at q",
      .unit = "ratio",
      .better = "less",
      .keys = KEY_POPULATION "p=90  upper, per cent\n"
                             "q=10  lower, per cent\n" KEY_AS,
      .edges = EDGE_LEFT_OUT "quantiles as Hmisc's wtd.quantile\nthe lower one 0: not a number\n",
      .reference = "Harrell, Hmisc, wtd.quantile",
      .function = "hsd_quantile"},
     MEASURE_QUANTILE_RATIO,
     "p{p}_p{q}",
     "quantile {p} over quantile {q} of {population}"},
};

size_t hsd_measure_count(void) {
    return sizeof entries / sizeof *entries;
}

const hsd_measure_info *hsd_measure_at(size_t index) {
    return index < hsd_measure_count() ? &entries[index].info : NULL;
}

const measure_entry *hsd_measure_entry(const char *name) {
    for (size_t i = 0; i < hsd_measure_count(); i++)
        if (strcmp(entries[i].info.name, name) == 0) return &entries[i];
    return NULL;
}

const hsd_measure_info *hsd_measure_find(const char *name) {
    const measure_entry *entry = hsd_measure_entry(name);
    return entry ? &entry->info : NULL;
}
