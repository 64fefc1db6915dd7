// A guarded member read without its mutex.
#include <tandem/mutex.hpp>

struct account {
    int balance() const { return balance_; }

private:
    mutable tandem::mutex mutex_;
    int balance_ TANDEM_GUARDED_BY(mutex_) = 0;
};

int balance_of(account const& a) {
    return a.balance();
}
