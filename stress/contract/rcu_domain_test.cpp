// What rcu.hpp promises of rcu_domain, on both halves; and test domains that show that the suite would notice.
#include "at_once.hpp"
#include "half.hpp"
#include "no_memory.hpp"

#include <tandem/stress/test_domains.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem::test {
namespace {

// Says when it is gone.
struct counted_thing : rcu_obj_base<counted_thing> {
    explicit counted_thing(std::atomic<int>& to) : gone(to) {}
    ~counted_thing() { ++gone; }
    std::atomic<int>& gone;
};

template <class Half>
class rcu_domain : public testing::Test {
protected:
    using type = typename Half::rcu_domain;
    static_assert(contract::rcu_domain<type>);

    type& domain = Half::rcu_default_domain();
    std::atomic<int> gone{0};

    void retire() { (new counted_thing(gone))->retire(domain); }
    // With no section open.
    void let_expire(std::uint64_t tag) {
        for (int i = 0; i != 3; ++i) {
            EXPECT_TRUE(domain.try_advance());
        }
        EXPECT_TRUE(domain.expired(tag));
    }
};
TYPED_TEST_SUITE(rcu_domain, both_halves, half_name);

TYPED_TEST(rcu_domain, there_is_one) {
    EXPECT_EQ(&TypeParam::rcu_default_domain(), &this->domain);
}

TYPED_TEST(rcu_domain, sections_nest) {
    auto& d = this->domain;
    EXPECT_FALSE(d.in_section());
    d.lock();
    EXPECT_TRUE(d.in_section());
    EXPECT_TRUE(d.try_lock());
    {
        std::scoped_lock const inner(d);
        EXPECT_TRUE(d.in_section());
    }
    auto const tag = d.now();
    d.unlock();
    EXPECT_TRUE(d.in_section());
    std::thread([&] {
        EXPECT_FALSE(d.in_section());
        for (int i = 0; i != 10; ++i) {
            d.try_advance();
            EXPECT_FALSE(d.expired(tag));
        }
    }).join();
    d.unlock();
    EXPECT_FALSE(d.in_section());
    this->let_expire(tag);
}

TYPED_TEST(rcu_domain, a_tag_expires_when_older_sections_have_ended) {
    auto& d = this->domain;
    d.lock();
    std::uint64_t tag = 0;
    std::thread([&] { tag = d.now(); }).join();
    for (int i = 0; i != 10; ++i) {
        d.try_advance();
        EXPECT_FALSE(d.expired(tag));
    }
    d.unlock();
    this->let_expire(tag);
    this->let_expire(tag);
}

TYPED_TEST(rcu_domain, a_tag_expires_although_there_are_sections_all_the_time) {
    auto& d = this->domain;
    std::array<std::atomic<int>, 2> entered{};
    std::atomic<bool> over{false};
    // Neither leaves its section before the other has begun a new one.
    auto const overlap = [&](std::size_t self) {
        for (int round = 1; !over; ++round) {
            d.lock();
            entered[self] = round;
            while (!over && entered[1 - self] < round + static_cast<int>(self)) {
                std::this_thread::yield();
            }
            d.unlock();
        }
    };
    at_once([&] { overlap(0); }, [&] { overlap(1); },
            [&] {
                auto const tag = d.now();
                while (!d.expired(tag)) {
                    d.try_advance();
                    std::this_thread::yield();
                }
                d.synchronize();
                over = true;
            });
}

TYPED_TEST(rcu_domain, retire_waits_for_an_older_section) {
    auto& d = this->domain;
    d.lock();
    std::thread([&] {
        this->retire();
        for (int i = 0; i != 10; ++i) {
            d.try_advance();
        }
    }).join();
    EXPECT_EQ(this->gone, 0);
    d.unlock();
    d.barrier();
    EXPECT_EQ(this->gone, 1);
}

TYPED_TEST(rcu_domain, retire_in_a_section) {
    auto& d = this->domain;
    d.lock();
    for (int i = 1; i <= 300; ++i) {
        this->retire();
        d.try_advance();
    }
    EXPECT_EQ(this->gone, 0) << "this section may have found them all";
    d.unlock();
    d.barrier();
    EXPECT_EQ(this->gone, 300);
}

// Without anybody who waits.
TYPED_TEST(rcu_domain, what_is_retired_does_not_pile_up) {
    constexpr int count = 100'000;
    int most = 0;
    for (int i = 1; i <= count; ++i) {
        this->retire();
        most = std::max(most, i - this->gone.load());
    }
    EXPECT_LE(most, 1000);
    this->domain.barrier();
    EXPECT_EQ(this->gone, count);
}

TYPED_TEST(rcu_domain, one_retirement_frees_few) {
    constexpr int count = 1000;
    auto& d = this->domain;
    d.barrier();
    d.lock();
    for (int i = 0; i != count; ++i) {
        this->retire();
    }
    d.unlock();
    for (int i = 0; i != 4; ++i) {
        d.try_advance();
    }
    if (std::is_same_v<TypeParam, lockfree_half>) {
        for (int before = 0; this->gone < count; before = this->gone) {
            this->retire();
            ASSERT_LE(this->gone - before, 16);
        }
    }
    d.barrier();
}

struct adds_up;
struct adds_up_deleter {
    void operator()(adds_up* what) const noexcept;
    std::atomic<int>* sum = nullptr;
};
struct adds_up : rcu_obj_base<adds_up, adds_up_deleter> {
    int value = 7;
};
void adds_up_deleter::operator()(adds_up* what) const noexcept {
    *sum += what->value;
}

TYPED_TEST(rcu_domain, any_deleter) {
    adds_up on_the_stack;
    on_the_stack.retire(this->domain, {&this->gone});
    rcu_barrier(this->domain);
    EXPECT_EQ(this->gone, 7);
}

TYPED_TEST(rcu_domain, of_no_base) {
    auto& d = this->domain;
    struct alignas(256) wide {
        int value = 3;
    };
    int seen = 0;
    rcu_retire(d, new int(1));
    rcu_retire(d, new wide);
    rcu_retire(d, new int(5), [owned = std::make_unique<int>(2), &seen](int* what) noexcept {
        seen = *what + *owned;
        delete what;
    });
    rcu_barrier(d);
    EXPECT_EQ(seen, 7);
}

TYPED_TEST(rcu_domain, a_deleter_may_retire_and_read) {
    static int left;
    static auto* const to = &this->domain;
    struct chain : rcu_obj_base<chain> {
        ~chain() {
            std::scoped_lock const section(*to);
            if (--left > 0) {
                (new chain)->retire(*to);
            }
        }
    };
    left = 200;
    (new chain)->retire(*to);
    for (int i = 0; i != 200; ++i) {
        to->barrier();
    }
    EXPECT_EQ(left, 0);
}

TYPED_TEST(rcu_domain, synchronize_waits_for_an_older_section) {
    auto& d = this->domain;
    std::atomic<bool> inside{false}, out{false};
    std::atomic<int> value{1};
    at_once(
        [&] {
            d.lock();
            inside = true;
            while (!out) {
                std::this_thread::yield();
            }
            for (int i = 0; i != 1000; ++i) {
                ASSERT_EQ(value, 1);
            }
            d.unlock();
        },
        [&] {
            while (!inside) {
                std::this_thread::yield();
            }
            out = true;
            rcu_synchronize(d);
            value = 0;
        });
}

TYPED_TEST(rcu_domain, barrier_waits_for_what_others_retired) {
    auto& d = this->domain;
    std::atomic<int> retired{0};
    std::atomic<bool> over{false};
    auto const retire_and_stay = [&] {
        for (int i = 0; i != 100; ++i) {
            this->retire();
        }
        ++retired;
        over.wait(false);
    };
    at_once(retire_and_stay, retire_and_stay, [&] {
        while (retired != 2) {
            std::this_thread::yield();
        }
        d.barrier();
        EXPECT_EQ(this->gone, 200);
        over = true;
        over.notify_all();
    });
}

TYPED_TEST(rcu_domain, a_thread_ends_with_things_retired) {
    for (int i = 0; i != 100; ++i) {
        at_once([&] { this->retire(); }, [&] { this->retire(); }, [&] { this->retire(); });
    }
    this->domain.barrier();
    EXPECT_EQ(this->gone, 300);
}

// Others' retirements see to it.
TYPED_TEST(rcu_domain, what_an_ended_thread_retired_does_not_stay) {
    std::atomic<int> of_another{0};
    std::thread([&] { (new counted_thing(of_another))->retire(this->domain); }).join();
    for (int i = 0; of_another == 0; ++i) {
        ASSERT_LT(i, 1'000'000);
        this->retire();
    }
    this->domain.barrier();
}

template <class Domain>
struct ends_section {
    ~ends_section() {
        if (to == nullptr) {
            return;
        }
        if (to->in_section()) {
            to->unlock();
        }
        to->lock();
        to->lock();
        to->unlock();
        to->unlock();
        (new counted_thing(*gone))->retire(*to);
    }
    Domain* to = nullptr;
    std::atomic<int>* gone = nullptr;
};

// An object that was made before the thread's first section is destroyed after the thread has left its record.
TYPED_TEST(rcu_domain, a_section_is_open_when_its_thread_ends) {
    auto& d = this->domain;
    using ending = ends_section<typename TestFixture::type>;
    for (int round = 1; round <= 3; ++round) {
        std::uint64_t tag = 0;
        std::thread([&] {
            thread_local ending early;
            early.to = &d;
            early.gone = &this->gone;
            d.lock();
            tag = d.now();
            thread_local ending late;
            late.gone = &this->gone;
        }).join();
        this->let_expire(tag);
        d.barrier();
        EXPECT_EQ(this->gone, round);
    }
}

// The shape of most uses: all read what some replace.
template <class Domain>
class one_link {
public:
    explicit one_link(Domain& d) : domain_(d) {}
    ~one_link() { delete link_.load(); }

    void read() {
        std::scoped_lock const section(domain_);
        auto const* const what = link_.load(std::memory_order::acquire);
        ASSERT_EQ(what->first + what->second, 0);
    }
    void replace(std::int64_t n) {
        auto* const old = link_.exchange(new pair(n, -n), std::memory_order::acq_rel);
        old->retire(domain_);
    }

private:
    struct pair : rcu_obj_base<pair> {
        pair(std::int64_t a, std::int64_t b) : first(a), second(b) {}
        ~pair() { first = 12345; }
        std::int64_t first, second;
    };
    Domain& domain_;
    std::atomic<pair*> link_{new pair(0, 0)};
};

TYPED_TEST(rcu_domain, read_vs_replace) {
    one_link link(this->domain);
    constexpr int count = 3000;
    auto const read = [&] {
        for (int i = 0; i != 5 * count; ++i) {
            link.read();
        }
    };
    auto const replace = [&] {
        for (int i = 0; i != count; ++i) {
            link.replace(i);
        }
    };
    at_once(read, replace, read, replace);
    this->domain.barrier();
}

TYPED_TEST(rcu_domain, sixty_four_threads_come_and_go) {
    one_link link(this->domain);
    for (int generation = 0; generation != 3; ++generation) {
        std::vector<std::thread> threads;
        for (int t = 0; t != 64; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i != 100; ++i) {
                    link.read();
                    if (i % 8 == t % 8) {
                        link.replace(t);
                    }
                }
                this->retire();
            });
        }
        for (auto& one : threads) {
            one.join();
        }
    }
    this->domain.barrier();
    EXPECT_EQ(this->gone, 3 * 64);
}

#if TANDEM_MAY_REFUSE_MEMORY
// Threads that keep their records, until there is no free one for the next.
TEST(rcu_domain_records, no_memory_for_a_record) {
    auto& d = lockfree::rcu_default_domain();
    std::atomic<int> gone{0};
    std::vector<std::thread> threads;
    std::atomic<std::size_t> ready{0};
    std::atomic<bool> refused_one{false}, over{false};
    while (!refused_one) {
        threads.emplace_back([&] {
            no_memory = true;
            auto const before = refused;
            d.lock();
            if (refused != before) {
                d.lock();
                auto const tag = d.now();
                for (int i = 0; i != 10; ++i) {
                    (new counted_thing(gone))->retire(d);
                    d.try_advance();
                }
                std::thread([&] { // as many as there are share a section of theirs
                    no_memory = true;
                    d.lock();
                    EXPECT_NE(refused, 0);
                    d.unlock();
                    d.try_advance();
                    EXPECT_FALSE(d.expired(tag));
                }).join();
                EXPECT_EQ(gone, 0);
                d.unlock();
                EXPECT_TRUE(d.in_section());
                d.unlock();
                d.lock();
                no_memory = false;
                (new counted_thing(gone))->retire(d); // there is memory again, but the section is the shared one
                d.unlock();
                d.barrier();
                EXPECT_EQ(gone, 11);
                refused_one = true;
            } else {
                d.unlock();
            }
            ++ready;
            over.wait(false);
        });
        while (ready != threads.size()) {
            std::this_thread::yield();
        }
    }
    over = true;
    over.notify_all();
    for (auto& one : threads) {
        one.join();
    }
}

TYPED_TEST(rcu_domain, no_memory_for_what_has_no_base) {
    auto& d = this->domain;
    d.synchronize();
    int called = 0;
    auto const deleter = [&](int*) noexcept { ++called; };
    int it = 0;
    no_memory = true;
    rcu_retire(d, &it, deleter);
    EXPECT_EQ(called, 1) << "it waited";
    d.lock();
    EXPECT_THROW(rcu_retire(d, &it, deleter), std::bad_alloc);
    d.unlock();
    no_memory = false;
    d.barrier();
    EXPECT_EQ(called, 1);
}
#endif

// The suite would notice a domain that frees too early.
TEST(test_domains, what_is_freed_at_once_is_noticed) {
    stress::immediate domain;
    stress::poison kept(domain);
    auto& what = kept.make();
    std::scoped_lock const section(domain);
    EXPECT_TRUE(kept.whole(what));
    kept.retire(what);
    EXPECT_FALSE(kept.whole(what)) << "nobody waited for this section";
}
TYPED_TEST(rcu_domain, what_a_section_may_find_is_whole) {
    stress::poison kept(this->domain);
    auto& what = kept.make();
    {
        std::scoped_lock const section(this->domain);
        kept.retire(what);
        for (int i = 0; i != 10; ++i) {
            this->domain.try_advance();
        }
        EXPECT_TRUE(kept.whole(what));
    }
    this->domain.barrier();
    EXPECT_FALSE(kept.whole(what));
}

// The destructors of static objects run after the main thread has left its record.
struct checked_at_exit {
    ~checked_at_exit() {
        auto& d = lockfree::rcu_default_domain();
        d.lock();
        (new counted_thing(gone))->retire(d);
        d.unlock();
        d.barrier();
        if (gone != 1) {
            std::abort();
        }
    }
    std::atomic<int> gone{0};
} const until_the_end;

} // namespace
} // namespace tandem::test
