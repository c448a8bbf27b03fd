/* Decay: what a target counts for, by what it costs to get there. One table says how each is
 * written and what its parameters may be; hsd_decay_value is written so that no cost overflows into
 * NAN: what would be infinity over infinity is put as a quotient that ends at 0.
 *
 * Sources: docs/methods.md, 14. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "access/pairs.h"
#include "base/text.h"

/* How it is written; of each parameter what it may be: '0' at least 0, '+' above 0, '1' above 1,
 * 'f' between 0 and 1 (may be left out: PRESET_LEFT), '*' any; "many": one to HSD_DECAY_STEPS of
 * '*'; "<w": steps above 0 with weights 0 to 1; "<=w": steps from 0 with weights from 0. */
static const struct form {
    const char *name, *parameters, *rules;
} forms[] = {
    [HSD_DECAY_NONE] = {"none", "", ""},
    [HSD_DECAY_BINARY] = {"binary", ":C", "0"},
    [HSD_DECAY_EXPONENTIAL] = {"exponential", ":B", "0"},
    [HSD_DECAY_POWER] = {"power", ":B", "0"},
    [HSD_DECAY_LINEAR] = {"linear", ":C", "0"},
    [HSD_DECAY_LOGISTIC] = {"logistic", ":C:SD", "++"},
    [HSD_DECAY_STEPPED] = {"stepped", ":S1=W1:S2=W2...", "<w"},
    [HSD_DECAY_STEPS_TO] = {"steps_to", ":K1=W1:K2=W2...", "<=w"},
    [HSD_DECAY_GAUSSIAN] = {"gaussian", ":SIGMA", "+"},
    [HSD_DECAY_DAI] = {"dai", ":C", "+"},
    [HSD_DECAY_SCALED] = {"scaled", ":SCALE:ALPHA:MIN", "+*0"},
    [HSD_DECAY_GAUSSIAN_TO] = {"gaussian_to", ":DMAX:F", "+f"},
    [HSD_DECAY_EXPONENTIAL_TO] = {"exponential_to", ":DMAX:F", "+f"},
    [HSD_DECAY_POWER_TO] = {"power_to", ":DMAX:F", "1f"},
    [HSD_DECAY_HALF_LIFE] = {"half_life", ":C", "+"},
    [HSD_DECAY_LOGISTIC_R5] = {"logistic_r5", ":C:SD", "0+"},
    [HSD_DECAY_TAPER] = {"taper", ":C:WIDTH", "0+"},
    [HSD_DECAY_EXP_POWER] = {"exp_power", ":B:A", "**"},
    [HSD_DECAY_POWER_FULL] = {"power_full", ":P:Q:R:B:S", "*00**"},
    [HSD_DECAY_POLYNOMIAL] = {"polynomial", ":A0:A1...", "many"},
    [HSD_DECAY_VALUE] = {"value", "", ""},
};
enum { FORM_COUNT = sizeof forms / sizeof *forms };
static const double PRESET_LEFT = 0.01; /* of what gets to DMAX: R fca */

/* ---- Text ---- */

static hsd_status fail_decay(const char *text, const char *wrong, const struct form *form,
                             hsd_error *err) {
    return hsd_fail(err, HSD_E_ARGUMENT, "decay \"%.*s\": %s, expected %s%s",
                    (int)hsd_utf8_cut(text, 80), text, wrong, form->name, form->parameters);
}

static hsd_status fail_name(const char *text, hsd_error *err) {
    char list[200] = "";
    for (size_t k = 0, at = 0; k < FORM_COUNT && at < sizeof list; k++)
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", k ? " " : "", forms[k].name);
    return hsd_fail(err, HSD_E_ARGUMENT, "no decay is called \"%.*s\", expected one of %s",
                    (int)hsd_utf8_cut(text, 24), text, list);
}

/* The number up to one of `ends` or the end of the text; *text moves past it, not past what ends
 * it. */
static bool take_number(const char **text, const char *ends, double *out) {
    char number[64];
    const size_t length = strcspn(*text, ends);
    if (length == 0 || length >= sizeof number) return false;
    memcpy(number, *text, length);
    number[length] = '\0';
    *text += length;
    return hsd_parse_double(number, out);
}

/* NULL, or what is wrong. */
static const char *check_rule(char rule, double value) {
    switch (rule) {
    case '0':
        return value >= 0 ? NULL : "a parameter is below 0";
    case '+':
        return value > 0 ? NULL : "a parameter is not above 0";
    case '1':
        return value > 1 ? NULL : "a parameter is not above 1";
    case 'f':
        return value > 0 && value < 1 ? NULL : "a share is not between 0 and 1";
    default:
        return NULL;
    }
}

static const char *parse_numbers(const char *text, const char *rules, hsd_decay *out) {
    const bool many = strcmp(rules, "many") == 0;
    const size_t most = many ? HSD_DECAY_STEPS : strlen(rules);
    for (; *text == ':'; out->count++) {
        text++;
        if (out->count == most) return "too many parameters";
        if (!take_number(&text, ":", &out->p[out->count])) return "a parameter is not a number";
        const char *wrong = check_rule(many ? '*' : rules[out->count], out->p[out->count]);
        if (wrong) return wrong;
    }
    if (!many && out->count + 1 == most && rules[out->count] == 'f')
        out->p[out->count++] = PRESET_LEFT;
    return out->count < (many ? 1 : most) ? "a parameter is missing" : NULL;
}

static const char *parse_steps(const char *text, bool from_zero, hsd_decay *out) {
    for (; *text == ':'; out->count++) {
        text++;
        if (out->count == HSD_DECAY_STEPS) return "too many steps";
        double *step = &out->p[out->count], *weight = &out->weights[out->count];
        if (!take_number(&text, "=:", step)) return "a step is not a number";
        if (*text++ != '=' || !take_number(&text, "=:", weight)) return "a step has no weight";
        if (*text == '=') return "a step has two weights";
        if (from_zero ? *step < 0 : *step <= 0)
            return from_zero ? "a step is below 0" : "a step is not above 0";
        if (out->count > 0 && *step <= step[-1]) return "steps do not ascend";
        if (*weight < 0) return "a weight is below 0";
        if (*weight > 1 && !from_zero) return "a weight is above 1";
    }
    return out->count == 0 ? "a step is missing" : NULL;
}

hsd_status hsd_decay_parse(const char *text, hsd_decay *out, hsd_error *err) {
    *out = (hsd_decay){0};
    const size_t length = strcspn(text, ":");
    for (size_t k = 0; k < FORM_COUNT; k++) {
        const struct form *form = &forms[k];
        if (strlen(form->name) != length || strncmp(form->name, text, length) != 0) continue;
        out->kind = (hsd_decay_kind)k;
        const char *wrong = form->rules[0] == '<'
                                ? parse_steps(text + length, form->rules[1] == '=', out)
                                : parse_numbers(text + length, form->rules, out);
        return wrong ? fail_decay(text, wrong, form, err) : HSD_OK;
    }
    return fail_name(text, err);
}

int hsd_decay_text(const hsd_decay *decay, char *buffer, size_t size) {
    char text[32 + HSD_DECAY_STEPS * 2 * 33], number[32];
    int length = snprintf(text, sizeof text, "%s", forms[decay->kind].name);
    const bool steps = forms[decay->kind].rules[0] == '<';
    for (size_t i = 0; i < decay->count; i++) {
        length += snprintf(text + length, sizeof text - (size_t)length, ":%s",
                           hsd_double_text(decay->p[i], number));
        if (steps)
            length += snprintf(text + length, sizeof text - (size_t)length, "=%s",
                               hsd_double_text(decay->weights[i], number));
    }
    return snprintf(buffer, size, "%s", text);
}

/* ---- Values ---- */

static double clip(double value) {
    return value > 0 ? fmin(value, 1) : 0; /* NAN: 0 */
}

/* exp of how far past c, in standard deviations of the logistic distribution; may be infinite. */
static double logistic_term(double t, double c, double sd) {
    return exp((t - c) / sd * (M_PI / sqrt(3)));
}

static double stepped(const hsd_decay *d, double t) {
    double weight = 1;
    for (size_t i = 0; i < d->count && t >= d->p[i]; i++) weight = d->weights[i];
    return weight;
}

static double steps_to(const hsd_decay *d, double t) {
    for (size_t i = 0; i < d->count; i++)
        if (t <= d->p[i]) return d->weights[i];
    return 0;
}

static double dai(double c, double t) {
    const double least = exp(-0.5);
    return t < c ? fmax(0, exp(-0.5 * (t / c) * (t / c)) - least) / (1 - least) : 0;
}

static double polynomial(const hsd_decay *d, double t) {
    double sum = 0;
    for (size_t i = d->count; i-- > 0;) sum = sum * t + d->p[i];
    return sum;
}

static double power_full(const double *p, double t) {
    return p[0] == 0 ? p[4] : p[0] * pow(p[1] * t + p[2], p[3]) + p[4];
}

double hsd_decay_value(const hsd_decay *d, double t) {
    const double *p = d->p;
    if (!(t < INFINITY)) return 0; /* no way */
    switch (d->kind) {
    case HSD_DECAY_NONE:
        return 1;
    case HSD_DECAY_BINARY:
        return t <= p[0];
    case HSD_DECAY_EXPONENTIAL:
        return exp(-p[0] * t);
    case HSD_DECAY_POWER:
        return t <= 1 ? 1 : pow(t, -p[0]);
    case HSD_DECAY_LINEAR:
        return t <= 0 ? 1 : fmax(0, 1 - t / p[0]);
    case HSD_DECAY_LOGISTIC:
        return (1 + logistic_term(0, p[0], p[1])) / (1 + logistic_term(t, p[0], p[1]));
    case HSD_DECAY_STEPPED:
        return stepped(d, t);
    case HSD_DECAY_STEPS_TO:
        return steps_to(d, t);
    case HSD_DECAY_GAUSSIAN:
        return exp(-0.5 * (t / p[0]) * (t / p[0]));
    case HSD_DECAY_DAI:
        return dai(p[0], t);
    case HSD_DECAY_SCALED:
        return pow(fmax(t, p[2]) / p[0], p[1]);
    case HSD_DECAY_GAUSSIAN_TO:
        return exp(log(p[1]) * (t / p[0]) * (t / p[0]));
    case HSD_DECAY_EXPONENTIAL_TO:
        return exp(log(p[1]) * (t / p[0]));
    case HSD_DECAY_POWER_TO:
        return t <= 1 ? 1 : pow(t, log(p[1]) / log(p[0]));
    case HSD_DECAY_HALF_LIFE:
        return exp2(-(t / p[0]));
    case HSD_DECAY_LOGISTIC_R5:
        return 1 / (1 + logistic_term(t, p[0], p[1]));
    case HSD_DECAY_TAPER:
        return clip(0.5 + (p[0] - t) / p[1]);
    case HSD_DECAY_EXP_POWER:
        return p[0] == 0 ? 1 : clip(exp(p[0] * pow(t, p[1])));
    case HSD_DECAY_POWER_FULL:
        return clip(power_full(p, t));
    case HSD_DECAY_POLYNOMIAL:
        return clip(polynomial(d, t));
    case HSD_DECAY_VALUE:
        return t;
    }
    return 0;
}
