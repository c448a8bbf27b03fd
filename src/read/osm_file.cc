/* OpenStreetMap files through libosmium, which knows the formats. This is the only C++ of the
 * project: the rest sees objects of osm_file.h, and every exception ends here as an error with the
 * file's name and what libosmium said. Its threads are not our pool's: one reads, one parses, and
 * at most as many decode as the run allows. O(size of the file), memory for a few blocks of it. */
#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <new>
#include <osmium/io/bzip2_compression.hpp>
#include <osmium/io/gzip_compression.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/reader.hpp>
#include <osmium/io/xml_input.hpp>
#include <osmium/osm/node.hpp>
#include <osmium/osm/relation.hpp>
#include <osmium/osm/way.hpp>
#include <osmium/thread/pool.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "read/osm_file.h"
extern "C" {
#include "base/parallel.h"
}

namespace {

bool ends_with(const std::string &text, const char *ending) {
    const size_t length = std::strlen(ending);
    return text.size() >= length && text.compare(text.size() - length, length, ending) == 0;
}

/* The format in libosmium's words, by the file's ending; "" when it is none we read. */
std::string format_of(const char *path) {
    std::string name{path};
    for (char &c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (ends_with(name, ".pbf")) return "pbf";
    std::string packed;
    for (const char *ending : {".gz", ".bz2"}) {
        if (ends_with(name, ending)) {
            packed = ending;
            name.resize(name.size() - packed.size());
            break;
        }
    }
    if (ends_with(name, ".osm") || ends_with(name, ".xml")) return "xml" + packed;
    return "";
}

hsd_status check_file(const char *path, const std::string &format, hsd_error *err) {
    std::error_code failure;
    const std::filesystem::file_status found = std::filesystem::status(path, failure);
    if (failure)
        return hsd_fail(err, HSD_E_OPEN, "%s: cannot be opened: %s", path,
                        failure.message().c_str());
    if (!std::filesystem::is_regular_file(found))
        return hsd_fail(err, HSD_E_OPEN, "%s: not a file, an OpenStreetMap file was expected",
                        path);
    if (format.empty())
        return hsd_fail(err, HSD_E_FORMAT,
                        "%s: ending not known, expected .osm.pbf, .osm, .osm.gz or .osm.bz2", path);
    if (std::filesystem::file_size(path, failure) == 0)
        return hsd_fail(err, HSD_E_FORMAT, "%s: the file is empty", path);
    return HSD_OK;
}

/* The arrays an object's parts are copied to; kept between objects for their capacity. */
class Translator {
  public:
    const hsd_osm_object *of(const osmium::OSMObject &object) {
        out_ = hsd_osm_object{};
        out_.id = object.id();
        tags_.clear();
        for (const osmium::Tag &tag : object.tags()) tags_.push_back({tag.key(), tag.value()});
        out_.tags = {tags_.data(), tags_.size()};
        switch (object.type()) {
        case osmium::item_type::node:
            node(static_cast<const osmium::Node &>(object));
            break;
        case osmium::item_type::way:
            way(static_cast<const osmium::Way &>(object));
            break;
        default:
            relation(static_cast<const osmium::Relation &>(object));
            break;
        }
        return &out_;
    }

  private:
    void node(const osmium::Node &object) {
        out_.kind = HSD_OSM_NODE;
        const osmium::Location location = object.location();
        out_.located = location.valid();
        if (out_.located) out_.point = {location.x(), location.y()};
    }

    void way(const osmium::Way &object) {
        out_.kind = HSD_OSM_WAY;
        refs_.clear();
        for (const osmium::NodeRef &ref : object.nodes()) refs_.push_back(ref.ref());
        out_.refs = refs_.data();
        out_.ref_count = refs_.size();
    }

    void relation(const osmium::Relation &object) {
        out_.kind = HSD_OSM_RELATION;
        members_.clear();
        for (const osmium::RelationMember &member : object.members())
            members_.push_back({member.ref(), kind_of(member.type()), member.role()});
        out_.members = members_.data();
        out_.member_count = members_.size();
    }

    static hsd_osm_kind kind_of(osmium::item_type type) {
        switch (type) {
        case osmium::item_type::node:
            return HSD_OSM_NODE;
        case osmium::item_type::way:
            return HSD_OSM_WAY;
        case osmium::item_type::relation:
            return HSD_OSM_RELATION;
        default:
            return HSD_OSM_OTHER;
        }
    }

    hsd_osm_object out_{};
    std::vector<hsd_osm_tag> tags_;
    std::vector<int64_t> refs_;
    std::vector<hsd_osm_member> members_;
};

osmium::osm_entity_bits::type bits_of(unsigned kinds) {
    auto bits = osmium::osm_entity_bits::nothing;
    if (kinds & HSD_OSM_NODE) bits |= osmium::osm_entity_bits::node;
    if (kinds & HSD_OSM_WAY) bits |= osmium::osm_entity_bits::way;
    if (kinds & HSD_OSM_RELATION) bits |= osmium::osm_entity_bits::relation;
    return bits;
}

struct Pass {
    const hsd_run *run;
    double from, to;
    hsd_osm_visit visit;
    void *context;
    hsd_error *err;
};

hsd_status visit_all(osmium::io::Reader &reader, osmium::osm_entity_bits::type bits,
                     const Pass &pass) {
    Translator translator;
    while (const osmium::memory::Buffer buffer = reader.read()) {
        for (const osmium::OSMObject &object : buffer.select<osmium::OSMObject>()) {
            if (!object.visible()) continue;
            if ((osmium::osm_entity_bits::from_item_type(object.type()) & bits) ==
                osmium::osm_entity_bits::nothing)
                continue;
            const hsd_status status = pass.visit(pass.context, translator.of(object), pass.err);
            if (status != HSD_OK) return status;
        }
        const double size = static_cast<double>(std::max<size_t>(reader.file_size(), 1));
        const double share = std::min(1.0, static_cast<double>(reader.offset()) / size);
        const hsd_status status = hsd_progress(pass.run, "reading streets",
                                               pass.from + (pass.to - pass.from) * share, pass.err);
        if (status != HSD_OK) return status;
    }
    return HSD_OK;
}

} // namespace

extern "C" hsd_status hsd_osm_scan(const char *path, unsigned kinds, const hsd_run *run,
                                   double from, double to, hsd_osm_visit visit, void *context,
                                   hsd_error *err) {
    try {
        const std::string format = format_of(path);
        hsd_status status = check_file(path, format, err);
        if (status != HSD_OK) return status;
        const auto bits = bits_of(kinds);
        osmium::thread::Pool pool{std::clamp(hsd_thread_count(run), 1, 8)};
        osmium::io::Reader reader{osmium::io::File{path, format}, bits, osmium::io::read_meta::no,
                                  pool};
        status = visit_all(reader, bits, Pass{run, from, to, visit, context, err});
        reader.close();
        return status;
    } catch (const std::bad_alloc &) {
        return hsd_fail(err, HSD_E_MEMORY, "%s: out of memory", path);
    } catch (const std::system_error &error) {
        return hsd_fail(err, HSD_E_OPEN, "%s: cannot be read: %s", path, error.what());
    } catch (const std::exception &error) {
        return hsd_fail(err, HSD_E_FORMAT, "%s: not a whole OpenStreetMap file: %s", path,
                        error.what());
    } catch (...) {
        return hsd_fail(err, HSD_E_INTERNAL, "%s: libosmium failed without a reason", path);
    }
}
