/* Hourshed: who can reach what within the hour. All public headers. */
#ifndef HOURSHED_HOURSHED_H
#define HOURSHED_HOURSHED_H

#include "hourshed/access.h"
#include "hourshed/base.h"
#include "hourshed/circles.h"
#include "hourshed/compare.h"
#include "hourshed/export.h"
#include "hourshed/figures.h"
#include "hourshed/geo.h"
#include "hourshed/net.h"
#include "hourshed/read.h"
#include "hourshed/roads.h"
#include "hourshed/scenario.h"
#include "hourshed/study.h"
#include "hourshed/times.h"
#include "hourshed/transit.h"

#endif
